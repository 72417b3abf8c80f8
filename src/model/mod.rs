//! The `Document`s of one episode → one `Episode`: tracks paired, languages told, cues named, speakers and quotes resolved.
//! Never sees a second episode.

pub mod align;
mod backchannel;
mod cue_id;
mod episode;
mod join;
mod past_ids;
mod person;
mod quote;
mod show;
mod talk;
mod transcript;
mod voices;

pub use backchannel::Backchannel;
pub use cue_id::{CueId, cue_ids};
pub use episode::{Episode, EpisodeFacts, EpisodeSources, ShowRules, Speaker, model_episode};
pub use past_ids::{PastIds, lead_on, publish_ids};
pub use person::{People, Person};
pub use quote::Quote;
pub use show::ShowPlan;
pub use talk::Track;
pub use transcript::{Cue, Mark, MarkKind, Piece, Transcript, model_transcript};
