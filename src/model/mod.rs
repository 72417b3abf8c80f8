//! One `Document` → one `Episode`: languages told, cues named, speakers and quotes resolved.
//! Never sees a second episode.

pub mod align;
mod cue_id;
mod episode;
mod person;
mod quote;
mod show;
mod transcript;

pub use cue_id::{CueId, cue_ids};
pub use episode::{Episode, EpisodeFacts, EpisodeSources, ShowRules, Speaker, model_episode};
pub use person::{People, Person};
pub use quote::Quote;
pub use show::ShowPlan;
pub use transcript::{Cue, Mark, MarkKind, Transcript, model_transcript};
