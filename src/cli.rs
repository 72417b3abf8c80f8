//! Flags → options. Nothing else knows the flag library.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

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
    after_help = "Start with `diglot serve` in a folder that has transcripts in content/."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Build the site into its output folder
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
        /// Open the site in a browser
        #[arg(long)]
        open: bool,
    },
    /// Make episodes of transcript files, or of a podcast's RSS feed
    Import {
        /// Transcripts, or folders of them
        #[arg(value_name = "FILE", required_unless_present = "feed", conflicts_with = "feed")]
        files: Vec<PathBuf>,
        /// An RSS feed: a file or an address
        #[arg(long, value_name = "FILE|URL")]
        feed: Option<String>,
        /// The show to add them to: its folder or its name
        #[arg(long, value_name = "SHOW")]
        show: Option<String>,
        /// Only say what would be written
        #[arg(long)]
        dry_run: bool,
        /// The project's folder
        #[arg(long, value_name = "DIR", default_value = ".")]
        root: PathBuf,
    },
    /// Pair two tracks of one talk, one per language, and print the rows
    Align {
        left: PathBuf,
        right: PathBuf,
        /// The languages of the two, such as zh-Hans,en
        #[arg(long, value_name = "A,B", value_parser = two_langs)]
        langs: Option<(Lang, Lang)>,
        /// What was decided by hand [default: pairs.toml beside LEFT]
        #[arg(long, value_name = "FILE")]
        pairs: Option<PathBuf>,
        #[arg(long, value_enum, default_value_t = AlignTo::Json)]
        to: AlignTo,
    },
    /// Print one transcript, in any form that is read, in any that is written
    #[command(after_help = CONVERT_HELP)]
    Convert {
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

const CONVERT_HELP: &str = "\
Without --lang, all languages go into one file: vtt, srt, podcast-json, txt and md have a line \
per language in each cue, json a text per language, tsv a column, tmx a unit per pair.
vtt, srt and podcast-json need a transcript with times, tmx one in two languages.";

fn format_parser() -> impl TypedValueParser<Value = TranscriptFormat> {
    PossibleValuesParser::new(TranscriptFormat::names())
        .map(|name| TranscriptFormat::named(&name).expect("only these names are let through"))
}

#[derive(Args, Debug)]
pub struct BuildFlags {
    /// The project's folder
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub root: PathBuf,
    /// Where the site goes [default: public in the project]
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Where the site will live, such as https://name.github.io/repo/
    #[arg(long, value_name = "URL", value_parser = BaseUrl::parse)]
    pub base_url: Option<BaseUrl>,
    /// Build drafts too
    #[arg(long)]
    pub drafts: bool,
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

impl BuildFlags {
    pub fn options(self) -> BuildOptions {
        BuildOptions {
            root: self.root,
            output: self.output,
            base_url: self.base_url,
            drafts: self.drafts,
            force: self.force,
            strict: self.strict,
            shard: None,
        }
    }
}

/// Reads the command line; prints help or what is wrong with it, and says how to exit.
pub fn parse() -> Result<Cli, i32> {
    if std::env::args_os().len() == 1 {
        eprintln!(
            "diglot needs a command: try `diglot serve` to build and look at a site, or `diglot --help`"
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
