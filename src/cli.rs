//! Flags → options. Nothing else knows the flag library.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::build::{BuildOptions, Shard};
use crate::config::TranscriptFormat;
use crate::lang::Lang;
use crate::parse::transcript::form::Form;
use crate::slug::BaseUrl;

/// Publishes a podcast archive with transcripts in two languages as a static site.
#[derive(Parser, Debug)]
#[command(
    name = "diglot",
    version,
    about,
    after_help = EXAMPLES
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Write a site that builds at once, or what a folder lacks of one
    #[command(after_help = INIT_EXAMPLES)]
    Init {
        /// The site's folder, which is made if it is not there
        folder: PathBuf,
        /// Also write the workflow that publishes the site on GitHub Pages
        #[arg(long)]
        github_pages: bool,
    },
    /// Add an episode to fill in
    #[command(after_help = NEW_EXAMPLES)]
    New {
        /// What it is called, in any language
        title: String,
        /// The show to add it to: its folder or its name
        #[arg(long, value_name = "SHOW")]
        show: Option<String>,
        #[command(flatten)]
        at: RootFlag,
    },
    /// Build the site into its output folder
    #[command(after_help = BUILD_EXAMPLES)]
    Build {
        #[command(flatten)]
        build: BuildFlags,
        /// Build only the I-th of N parts of the episodes' pages, for `diglot merge`
        #[arg(long, value_name = "I/N", value_parser = Shard::parse)]
        shard: Option<Shard>,
        /// Print the summary as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Put the parts that `build --shard` left together into the whole site
    Merge {
        /// The folders of all parts
        #[arg(required = true, value_name = "SHARD")]
        parts: Vec<PathBuf>,
        #[command(flatten)]
        build: BuildFlags,
        /// Print the summary as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Build the site, show it on this machine, and follow every change
    Serve {
        #[command(flatten)]
        build: BuildFlags,
        /// The port to listen on; where it is busy, the next free one
        #[arg(long, value_name = "N", default_value_t = 4040)]
        port: u16,
        /// The address or name to listen on
        #[arg(long, value_name = "H", default_value = "127.0.0.1")]
        host: String,
        /// Open the site in a browser: $BROWSER, or the system's own
        #[arg(long)]
        open: bool,
        /// Say how long each step of a build took
        #[arg(long)]
        verbose: bool,
    },
    /// Look for everything that is wrong with the archive; publish nothing
    #[command(after_help = CHECK_HELP)]
    Check {
        /// For a person, as one JSON object, or as annotations of GitHub Actions
        #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
        format: CheckFormat,
        /// Let warnings fail the check
        #[arg(long)]
        strict: bool,
        /// Check what a host asks of the site too
        #[arg(long, value_enum, value_name = "HOST")]
        target: Option<CheckTarget>,
        /// Visit links out of the site too
        #[arg(long)]
        external: bool,
        #[command(flatten)]
        settings: SettingFlags,
    },
    /// Say what the code of a finding means, and what to do
    Explain {
        /// The code, as it stands between the brackets; without one all are listed
        code: Option<String>,
    },
    /// Commit the site to a branch with git and push it
    #[command(after_help = DEPLOY_EXAMPLES)]
    Deploy {
        #[command(flatten)]
        build: BuildFlags,
        /// The branch, which holds nothing but the site
        #[arg(long, value_name = "NAME", default_value = "gh-pages")]
        branch: String,
        /// The remote: its name or its address
        #[arg(long, value_name = "REMOTE", default_value = "origin")]
        remote: String,
        /// Only say what would be pushed
        #[arg(long)]
        dry_run: bool,
    },
    /// Say what is missing around the site, and what to do
    Doctor {
        #[command(flatten)]
        at: RootFlag,
    },
    /// Print every setting, its value and where it came from
    Config {
        #[command(flatten)]
        settings: SettingFlags,
    },
    /// Print what a shell needs to complete the command line
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions { shell: Shell },
    /// Make episodes of transcript files, or of a podcast's feed
    #[command(after_help = IMPORT_EXAMPLES)]
    Import {
        /// Transcripts, or folders of them
        #[arg(value_name = "FILE", required_unless_present = "feed", conflicts_with = "feed")]
        files: Vec<PathBuf>,
        /// An RSS or Atom feed: a file or an address
        #[arg(long, value_name = "FILE|URL")]
        feed: Option<String>,
        /// The show to add them to: its folder or its name
        #[arg(long, value_name = "SHOW")]
        show: Option<String>,
        /// Only say what would be written
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        at: RootFlag,
    },
    /// Write down the ids of all lines, so that links to them keep working when they are edited
    #[command(after_help = IDS_EXAMPLES)]
    Ids {
        /// Only say what would be written
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        at: RootFlag,
    },
    /// Pair two tracks of one talk, one per language, and print the rows
    Align {
        /// One track: a transcript in any form that is read
        left: PathBuf,
        /// The other
        right: PathBuf,
        /// The languages of the two, such as zh-Hans,en
        #[arg(long, value_name = "A,B", value_parser = two_langs)]
        langs: Option<(Lang, Lang)>,
        /// What was decided by hand [default: pairs.toml beside LEFT]
        #[arg(long, value_name = "FILE")]
        pairs: Option<PathBuf>,
        /// Terms and their translations: `glossary` of this file, such as site.toml or show.toml
        #[arg(long, value_name = "FILE")]
        glossary: Option<PathBuf>,
        /// The form to print the rows in
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = AlignTo::Json)]
        to: AlignTo,
    },
    /// Print one transcript, in any form that is read, in any that is written
    #[command(after_help = CONVERT_HELP)]
    Convert {
        /// The transcript
        input: PathBuf,
        /// The form to print it in
        #[arg(long, value_name = "FORMAT", default_value = "json", value_parser = format_parser())]
        to: TranscriptFormat,
        /// Only this language
        #[arg(long, value_name = "TAG", value_parser = Lang::parse, conflicts_with = "bilingual")]
        lang: Option<Lang>,
        /// All languages in one file, which is what comes without --lang
        #[arg(long)]
        bilingual: bool,
        /// Read it as this form, whatever it looks like: srt, vtt, podcast-json, whisper-json, json,
        /// tsv, html, page-text, markdown or txt
        #[arg(long, value_name = "FORM", value_parser = Form::parse)]
        from: Option<Form>,
        /// Say which form was found, and why
        #[arg(long)]
        verbose: bool,
    },
}

const CHECK_HELP: &str = "\
`diglot explain CODE` says more of a finding. What you do not want to be told of goes into `allow` \
of [check] in site.toml, into `allow` of an episode's front matter, or into a comment above the line: \
<!-- diglot-allow CODE --> in Markdown, NOTE diglot-allow CODE in WebVTT.";

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckFormat {
    Human,
    Json,
    Github,
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckTarget {
    GithubPages,
}
const EXAMPLES: &str = "\
Examples:
  diglot init my-archive          a site with a sample show
  diglot serve                    build the site here and look at it
  diglot import --feed URL        episodes of a podcast's feed
  diglot build                    the site, into public/

`diglot COMMAND --help` has more of each.";

const INIT_EXAMPLES: &str = "\
Examples:
  diglot init my-archive
  diglot init . --github-pages    what is there stays as it is";

const NEW_EXAMPLES: &str = "\
Examples:
  diglot new \"What Day Is It\"
  diglot new \"今天是哪一天\" --show night-ferry";

const BUILD_EXAMPLES: &str = "\
Examples:
  diglot build
  diglot build --base-url https://name.github.io/repository/ --strict
  diglot build --shard 2/4        the second quarter, for `diglot merge`";

const DEPLOY_EXAMPLES: &str = "\
The site is built first, and committed as it is: no filter, no file left out. The work tree, the \
index and your branches stay as they are.

Examples:
  diglot deploy --dry-run
  diglot deploy --base-url https://name.github.io/repository/
  diglot deploy --remote git@example.org:site.git --branch pages";

const IMPORT_EXAMPLES: &str = "\
Examples:
  diglot import transcripts/ --show night-ferry
  diglot import --feed https://example.org/feed.xml --dry-run";

const IDS_EXAMPLES: &str = "\
Examples:
  diglot ids                      after you have published
  diglot ids --dry-run";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  diglot completions bash > ~/.local/share/bash-completion/completions/diglot
  diglot completions zsh  > ~/.zfunc/_diglot
  diglot completions fish > ~/.config/fish/completions/diglot.fish";

const CONVERT_HELP: &str = "\
Without --lang, all languages go into one file: vtt, srt, podcast-json, txt and md have a line \
per language in each cue, json a text per language, tsv a column, tmx a unit per pair, and pinyin takes lines in Chinese.
vtt, srt and podcast-json need a transcript with times, tmx one in two languages.

Examples:
  diglot convert talk.srt --to vtt
  diglot convert page.txt --to md --lang en
  diglot convert words.json --from whisper-json --to tsv --verbose";

fn format_parser() -> impl TypedValueParser<Value = TranscriptFormat> {
    PossibleValuesParser::new(TranscriptFormat::names())
        .map(|name| TranscriptFormat::named(&name).expect("only these names are let through"))
}

#[derive(Args, Debug)]
pub struct RootFlag {
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
}

/// What the command line puts over `site.toml`.
#[derive(Args, Debug)]
pub struct SettingFlags {
    #[command(flatten)]
    pub at: RootFlag,
    /// Where the site goes [default: public in the project]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Where the site will live, such as https://name.github.io/repo/
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    pub base_url: Option<BaseUrl>,
    /// Build drafts too
    #[arg(long)]
    pub drafts: bool,
}

#[derive(Args, Debug)]
pub struct BuildFlags {
    #[command(flatten)]
    pub settings: SettingFlags,
    /// Make and write every file again, changed or not
    #[arg(long)]
    pub force: bool,
    /// Let warnings stop the build
    #[arg(long)]
    pub strict: bool,
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlignTo {
    Json,
    Tsv,
}

fn two_langs(text: &str) -> Result<(Lang, Lang), String> {
    let (left, right) = text.split_once(',').ok_or("two tags with a comma between them are needed")?;
    Ok((Lang::parse(left.trim())?, Lang::parse(right.trim())?))
}

impl SettingFlags {
    pub fn options(self) -> BuildOptions {
        BuildOptions {
            root: self.at.root,
            output: self.output,
            base_url: self.base_url,
            drafts: self.drafts,
            ..BuildOptions::default()
        }
    }
}

impl BuildFlags {
    pub fn options(self) -> BuildOptions {
        BuildOptions { force: self.force, strict: self.strict, ..self.settings.options() }
    }
}

/// What a shell needs to complete the command line.
pub fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "diglot", &mut script);
    String::from_utf8(script).expect("a script is text")
}

/// Reads the command line; prints help or what is wrong with it, and says how to exit.
pub fn parse() -> Result<Cli, i32> {
    if std::env::args_os().len() == 1 {
        eprintln!(
            "diglot needs a command: `diglot serve` builds and shows a site,\n`diglot --help` lists them all"
        );
        return Err(2);
    }
    Cli::try_parse().map_err(|error| {
        let code = if error.use_stderr() { 2 } else { 0 };
        // Where the text cannot be printed, nobody is there to read it.
        let _ = error.print();
        code
    })
}
