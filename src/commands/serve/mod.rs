//! `diglot serve`: builds, serves the site, and builds again after each change until it is stopped.

mod rebuild;
mod said;

use std::sync::Arc;
use std::time::Duration;

use super::Exit;
use super::terminal::say;
use crate::build::BuildOptions;
use crate::read::WorldError;
use crate::serve::{Address, Changes, Heard, Live, Server, Watch};
use rebuild::{Outcome, Rebuild};

/// What the command line asks of it.
pub struct ServeOptions {
    pub build: BuildOptions,
    pub address: Address,
    /// Open a browser once the first build is done.
    pub open: bool,
    /// Say how long each step of a build took.
    pub verbose: bool,
}

/// How long it must be quiet until all is looked at, whether or not a change was heard of.
const SECOND_LOOK: Duration = Duration::from_millis(400);
/// How long to wait for another build into the same folder before the next try.
const LOCKED: Duration = Duration::from_millis(200);

/// Builds and serves until it is stopped.
pub fn run(options: ServeOptions) -> Result<Exit, WorldError> {
    // Watching begins before the first build, so that no change falls in between.
    let live = Arc::new(Live::default());
    let on_show = live.clone();
    let mut watch = Watch::start(&options.build.root, move |name, path| on_show.show_ahead(name, path))?;
    let server = Server::start(live.clone(), &options.address, watch.stop())?;
    if let Some(trouble) = watch.trouble() {
        say(&format!("warning: {trouble}"));
    }
    let mut rebuild = Rebuild::new(options.build, options.verbose, live, watch.stop());
    let base = first_build(&mut rebuild, &mut watch);
    if let Some(base) = base {
        let address = format!("{}{base}", server.origin);
        eprintln!("look at {address} (Ctrl-C stops)");
        if options.open
            && let Err(error) = opener::open_browser(&address)
        {
            say(&format!("no browser could be opened ({error}): open the address above"));
        }
        follow(&mut rebuild, &mut watch);
    }
    server.end();
    Ok(Exit::Fine)
}

/// Builds until there is something to show, be it an error; gives the path of the site, or nothing
/// where it was stopped before.
fn first_build(rebuild: &mut Rebuild, watch: &mut Watch) -> Option<String> {
    loop {
        match rebuild.first() {
            Outcome::Done { base } => return Some(base),
            Outcome::Stopped => return None,
            Outcome::Locked | Outcome::Passed => match watch.wait(Some(LOCKED)) {
                Heard::Stop => return None,
                Heard::Changes(_) | Heard::Nothing => {}
            },
        }
    }
}

/// Builds after each change.
fn follow(rebuild: &mut Rebuild, watch: &mut Watch) {
    let mut waiting = Changes::default();
    let mut patience = None;
    loop {
        match watch.wait(patience) {
            Heard::Stop => return,
            Heard::Changes(changes) => waiting = changes.after(waiting),
            Heard::Nothing => {}
        }
        if let Some(trouble) = watch.trouble() {
            say(&format!("warning: {trouble}"));
        }
        match rebuild.again(&waiting, || watch.has_news()) {
            Outcome::Stopped => return,
            Outcome::Locked => patience = Some(LOCKED),
            Outcome::Passed => patience = Some(SECOND_LOOK),
            Outcome::Done { .. } => {
                // A build of a few files believed that they are all.
                patience = (!waiting.is_empty()).then_some(SECOND_LOOK);
                waiting = Changes::default();
            }
        }
    }
}
