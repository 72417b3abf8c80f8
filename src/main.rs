//! The whole program: flags → one command → exit code.

use diglot::build::BuildOptions;
use diglot::check::CheckOptions;
use diglot::cli::{Cli, Command, completions, parse};
use diglot::commands::Exit;
use diglot::commands::import::{self, ImportOptions};
use diglot::commands::serve::ServeOptions;
use diglot::commands::{
    align, build, check, config, convert, deploy, doctor, explain, ids, init, merge, new, print_data,
    print_world_error, serve,
};
use diglot::serve::Address;

/// musl's own has threads wait for each other.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    keep_freed_memory();
    let code = match parse() {
        Ok(Cli { command }) => run(command),
        Err(code) => code,
    };
    std::process::exit(code);
}

/// Has glibc keep what one page is done with for the next. It gives large blocks back to the system
/// each time, which has to clear them again: a fifth of the system's time in a build.
fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for limit in [libc::M_TRIM_THRESHOLD, libc::M_MMAP_THRESHOLD] {
        // SAFETY: this changes when memory is given back, and no thread runs yet that could be asking.
        unsafe { libc::mallopt(limit, 16 << 20) };
    }
}

fn run(command: Command) -> i32 {
    let result = match command {
        Command::Build { build: flags, shard, json } => {
            build::run(&BuildOptions { shard, ..flags.options() }, json)
        }
        Command::Init { folder, github_pages } => init::run(&init::InitOptions { folder, github_pages }),
        Command::New { title, show, at } => new::run(&new::NewOptions { root: at.root, title, show }),
        Command::Deploy { build: flags, branch, remote, dry_run } => {
            deploy::run(&flags.options(), &deploy::Target { branch, remote, dry_run })
        }
        Command::Doctor { at } => doctor::run(&at.root),
        Command::Config { settings } => config::run(&settings.options()),
        Command::Completions { shell } => print_data(&completions(shell)).map(|()| Exit::Fine),
        Command::Merge { parts, build: flags, json } => merge::run(&flags.options(), &parts, json),
        Command::Serve { build: flags, port, host, open, verbose } => {
            let address = Address { host, port };
            serve::run(ServeOptions { build: flags.options(), address, open, verbose })
        }
        Command::Import { files, feed, show, dry_run, at } => {
            import::run(&ImportOptions { root: at.root, files, feed, show, dry_run })
        }
        Command::Ids { dry_run, at } => ids::run(&at.root, dry_run),
        Command::Check { format, strict, target, external, settings } => {
            let options = CheckOptions { build: settings.options(), for_pages: target.is_some() };
            check::run(&check::Request { options, format, strict, external })
        }
        Command::Explain { code } => explain::run(code.as_deref()),
        Command::Align { left, right, langs, pairs, glossary, to } => {
            align::run(&align::Request { left, right, langs, pairs, glossary, to })
        }
        Command::Convert { input, to, lang, from, verbose, .. } => {
            convert::run(&input, &convert::Reading { form: from, verbose }, to, lang.as_ref())
        }
    };
    match result {
        Ok(exit) => exit as i32,
        Err(error) => print_world_error(&error) as i32,
    }
}
