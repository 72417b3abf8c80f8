//! How long what is said in one language is in the other: learnt from the pair.

use super::dp::ln;

/// A length of one side tells the other one's as a normal distribution does.
#[derive(Clone, Copy, Debug)]
pub struct Lengths {
    /// Right characters for a left one.
    pub ratio: f32,
    /// Variance of the right length for each left character, and at all.
    pub variance: f32,
    pub least: f32,
    /// Mean of a left unit by itself; mean and variance of a right one.
    left_mean: f32,
    pub mean: f32,
    pub spread: f32,
}

impl Lengths {
    pub fn new(left: &[f32], right: &[f32]) -> Lengths {
        let total = |lengths: &[f32]| lengths.iter().sum::<f32>();
        let ratio = total(right).max(1.0) / total(left).max(1.0);
        let count = right.len().max(1) as f32;
        let left_mean = (total(left) / left.len().max(1) as f32).max(1.0);
        let mean = total(right) / count;
        let spread = right.iter().map(|length| (length - mean).powi(2)).sum::<f32>() / count;
        Lengths {
            ratio,
            variance: ratio * ratio * 4.0,
            least: 2.0,
            left_mean,
            mean: mean.max(1.0),
            spread: spread.max(1.0),
        }
    }

    /// The same, if a unit of one side is as a rule one of the other: however many of them have
    /// no partner.
    pub fn of_units(mut self) -> Lengths {
        self.ratio = self.mean / self.left_mean;
        self.variance = self.ratio * self.ratio * 4.0;
        self
    }

    /// Fits the model to pairs of lengths.
    pub fn fit(&mut self, pairs: &[(f32, f32)]) {
        let left: f32 = pairs.iter().map(|pair| pair.0).sum();
        let right: f32 = pairs.iter().map(|pair| pair.1).sum();
        if pairs.len() < 8 || left < 1.0 || right < 1.0 {
            return;
        }
        self.ratio = right / left;
        let errors: f32 = pairs.iter().map(|pair| (pair.1 - self.ratio * pair.0).powi(2)).sum();
        self.variance = (errors / left).max(0.05 * self.ratio * self.ratio);
    }

    /// How much better the lengths fit than any two do.
    pub fn score(&self, left: f32, right: f32, units: usize) -> f32 {
        let variance = self.variance * left + self.least;
        let units = units as f32;
        let alone = self.spread * units;
        let error = (right - self.ratio * left).powi(2) / variance;
        let usual = (right - self.mean * units).powi(2) / alone;
        let score = 0.5 * (usual.min(9.0) - error + ln(alone / variance));
        score.max(-12.0)
    }
}
