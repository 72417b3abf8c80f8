//! Calls git in a folder. Never through a shell, and never with a prompt that nobody sees.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::read::WorldError;

/// The repository that a folder lies in.
pub struct Git {
    folder: PathBuf,
}

impl Git {
    pub fn at(folder: &Path) -> Git {
        Git { folder: folder.to_owned() }
    }

    /// A call to be. Without a terminal nobody could answer a question about a password.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(&self.folder).args(arguments);
        command.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
        command
    }

    fn output(&self, arguments: &[&str]) -> Result<Output, WorldError> {
        let output = self.command(arguments).output();
        output.map_err(|error| WorldError { doing: "cannot run git".to_owned(), error })
    }

    /// What git prints; `None` where it fails.
    pub fn ask(&self, arguments: &[&str]) -> Result<Option<String>, WorldError> {
        let output = self.output(arguments)?;
        Ok(output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim_end().to_owned()))
    }

    /// What git prints, where it must not fail; `doing` says what for.
    pub fn must(&self, doing: &str, arguments: &[&str]) -> Result<String, WorldError> {
        let output = self.output(arguments)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned());
        }
        Err(failed(doing, &output))
    }
}

/// A call that failed, in git's own words.
pub fn failed(doing: &str, output: &Output) -> WorldError {
    let words = String::from_utf8_lossy(&output.stderr);
    let words = words.trim();
    let words = if words.is_empty() { "git says nothing of why" } else { words };
    WorldError { doing: doing.to_owned(), error: io::Error::other(words.to_owned()) }
}

/// The owner and the name of a repository on GitHub, by its remote's address.
pub fn github_repository(address: &str) -> Option<(&str, &str)> {
    let rest = ["git@github.com:", "https://github.com/", "ssh://git@github.com/"]
        .iter()
        .find_map(|start| address.trim().strip_prefix(start))?;
    let (owner, name) = rest.trim_end_matches('/').split_once('/')?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    (!owner.is_empty() && !name.is_empty() && !name.contains('/')).then_some((owner, name))
}

/// Where GitHub Pages puts the site of a repository.
pub fn pages_address(owner: &str, name: &str) -> String {
    let host = format!("{}.github.io", owner.to_ascii_lowercase());
    if name.eq_ignore_ascii_case(&host) {
        format!("https://{host}/")
    } else {
        format!("https://{host}/{name}/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_on_github_tells_where_pages_live() {
        for (address, pages) in [
            ("git@github.com:Shen/night-ferry.git", "https://shen.github.io/night-ferry/"),
            ("https://github.com/shen/Shen.github.io", "https://shen.github.io/"),
            ("ssh://git@github.com/shen/a/", "https://shen.github.io/a/"),
        ] {
            let (owner, name) = github_repository(address).unwrap();
            assert_eq!(pages_address(owner, name), pages);
        }
        for other in
            ["https://example.org/a/b.git", "/srv/site.git", "git@github.com:a", "https://github.com/a/b/c"]
        {
            assert_eq!(github_repository(other), None, "{other}");
        }
    }
}
