//! The years of an archive, for the list of episodes: where each begins. Never looks at more than
//! the dates.

use serde::Serialize;

use crate::timestamp::Date;

/// Episodes of one year in a row, or those without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Year {
    pub year: Option<i16>,
    /// The first of them in the archive.
    pub first: usize,
    pub count: usize,
}

impl Year {
    /// The anchor of its heading.
    pub fn anchor(&self) -> String {
        self.year.map_or_else(|| "undated".to_owned(), |year| format!("y{year}"))
    }
}

/// The years of episodes that are in their order.
pub fn years_of(dates: impl Iterator<Item = Option<Date>>) -> Vec<Year> {
    let mut years: Vec<Year> = Vec::new();
    for (index, date) in dates.enumerate() {
        let year = date.map(|date| date.year());
        match years.last_mut() {
            Some(last) if last.year == year => last.count += 1,
            _ => years.push(Year { year, first: index, count: 1 }),
        }
    }
    years
}

/// What of each year is on a page that begins with the episode `from` and ends before `to`.
pub fn years_between(years: &[Year], from: usize, to: usize) -> Vec<Year> {
    let cut = |year: &Year| {
        let (first, end) = (year.first.max(from), (year.first + year.count).min(to));
        Year { first, count: end.saturating_sub(first), ..*year }
    };
    years.iter().map(cut).filter(|year| year.count > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i16) -> Option<Date> {
        Some(jiff::civil::date(year, 5, 1))
    }

    #[test]
    fn each_year_stands_once_and_those_without_a_date_by_themselves() {
        let years = years_of([date(2024), date(2024), date(2021), None].into_iter());
        assert_eq!(
            years.iter().map(|year| (year.year, year.first, year.count)).collect::<Vec<_>>(),
            [(Some(2024), 0, 2), (Some(2021), 2, 1), (None, 3, 1)]
        );
        assert_eq!(years[2].anchor(), "undated");
    }

    #[test]
    fn a_page_has_its_part_of_each_year() {
        let years = years_of([2024; 5].into_iter().chain([2023; 3]).map(date));
        let cut = |from, to| -> Vec<_> {
            years_between(&years, from, to).iter().map(|year| (year.first, year.count)).collect()
        };
        assert_eq!(cut(0, 3), [(0, 3)]);
        assert_eq!(cut(3, 6), [(3, 2), (5, 1)]);
        assert_eq!(cut(6, 9), [(6, 2)]);
    }
}
