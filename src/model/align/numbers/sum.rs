//! The words of a number, one after the other → its value.

/// What a word does in a number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    /// One figure, of a number that is written figure by figure or with names of powers.
    Digit,
    /// Is added: twenty five.
    Plus,
    /// Multiplies what is before it.
    Times,
    /// The same, and never opens a number: a syllable that begins many words.
    Power,
}

/// A number as its words are read.
#[derive(Default)]
pub struct Sum {
    total: f64,
    section: f64,
    pub current: f64,
    pub digits: usize,
    pub powers: usize,
    /// The power that `total` was multiplied with last.
    power: f64,
}

impl Sum {
    pub fn take(&mut self, kind: Kind, value: f64) {
        match kind {
            Kind::Digit => {
                self.current = self.current * 10.0 + value;
                self.digits += 1;
            }
            Kind::Plus => self.current += value,
            Kind::Times | Kind::Power
                if value >= 1e4 || value == 1000.0 && self.section > 0.0 && self.digits == 0 =>
            {
                let own = self.section + self.current;
                // 一万亿, 三万五千亿: a higher power multiplies all that is before it.
                if self.total > 0.0 && value > self.power {
                    self.total = (self.total + own) * value;
                } else {
                    self.total += if own == 0.0 { value } else { own * value };
                }
                self.power = value;
                (self.section, self.current) = (0.0, 0.0);
                self.powers += 1;
            }
            Kind::Times | Kind::Power => {
                self.section += if self.current == 0.0 { value } else { self.current * value };
                self.current = 0.0;
                self.powers += 1;
            }
        }
    }

    pub fn value(&self) -> f64 {
        self.total + self.section + self.current
    }
}
