//! Where links by old ids lead: from the lines that were published and those there are now. Knows
//! lines by their ids alone, never by what they say.

use std::collections::{HashMap, HashSet};

use super::cue_id::CueId;
use crate::parse::ids::PublishedLine;

/// Where old ids lead.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PastIds {
    /// Place of the cue that links by an old id lead to, and the id, by their places.
    pub leads: Vec<(usize, CueId)>,
    /// Those of them whose line is gone: they lead to a line beside it.
    pub lost: Vec<CueId>,
}

/// Finds the line for each old id. A line whose words were edited has a new id between those of
/// its neighbours: lines that stayed split both lists into gaps, and within a gap the old ones go
/// to the new ones in their order. The ids of lines there are now are nobody else's.
pub fn lead_on(published: &[PublishedLine<CueId>], now: &[CueId]) -> PastIds {
    let mut past = PastIds::default();
    if now.is_empty() {
        past.lost = published.iter().map(|line| line.id).collect();
        return past;
    }
    let places: HashMap<CueId, usize> = now.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    let known: HashSet<CueId> = published.iter().map(|line| line.id).collect();
    let stayed: Vec<(usize, usize)> =
        published.iter().enumerate().filter_map(|(old, line)| Some((old, *places.get(&line.id)?))).collect();
    let mut anchors = rising(&stayed);
    anchors.push((published.len(), now.len()));
    let mut taken = HashSet::new();
    let (mut old_from, mut new_from) = (0, 0);
    for (old_to, new_to) in anchors {
        let fresh: Vec<usize> = (new_from..new_to).filter(|place| !known.contains(&now[*place])).collect();
        let gone = published[old_from..old_to].iter().filter(|line| !places.contains_key(&line.id));
        let gone: Vec<&PublishedLine<CueId>> = gone.collect();
        for (index, line) in gone.iter().enumerate() {
            let own = fresh.get(index * fresh.len() / gone.len()).copied();
            if own.is_none() {
                past.lost.push(line.id);
            }
            // Without a line of its own it leads to the one that follows where it was.
            let place = own.unwrap_or(new_to.min(now.len() - 1));
            past.lead([line.id].iter().chain(&line.before), place, &places, &mut taken);
        }
        if let Some(line) = published.get(old_to) {
            past.lead(line.before.iter(), new_to, &places, &mut taken);
        }
        (old_from, new_from) = (old_to + 1, new_to + 1);
    }
    // A line that has moved past others takes its old ids along.
    for line in published {
        if let Some(place) = places.get(&line.id) {
            past.lead(line.before.iter(), *place, &places, &mut taken);
        }
    }
    past.leads.sort();
    past
}

impl PastIds {
    fn lead<'i>(
        &mut self,
        ids: impl Iterator<Item = &'i CueId>,
        place: usize,
        places: &HashMap<CueId, usize>,
        taken: &mut HashSet<CueId>,
    ) {
        self.leads
            .extend(ids.filter(|id| !places.contains_key(id) && taken.insert(**id)).map(|id| (place, *id)));
    }
}

/// The longest run of pairs, which rise in the first number, that rise in the second too.
fn rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Of each length, the pair that such a run can end in the lowest; and what comes before each.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, place)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *place);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut run = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        run.push(pairs[index]);
        at = before[index];
    }
    run.reverse();
    run
}

/// What is published from now on: each line there is, with the old ids that lead to it.
pub fn publish_ids(now: &[CueId], leads: &[(usize, CueId)]) -> Vec<PublishedLine<CueId>> {
    let mut lines: Vec<PublishedLine<CueId>> =
        now.iter().map(|id| PublishedLine { id: *id, before: Vec::new() }).collect();
    for (place, id) in leads {
        lines[*place].before.push(*id);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(word: &str) -> CueId {
        super::super::cue_ids(std::iter::once(vec![word]))[0]
    }

    fn ids(words: &str) -> Vec<CueId> {
        words.split_whitespace().map(id).collect()
    }

    /// Words stand for lines; in what was published, `a=b` is line `a` that was `b` before.
    #[track_caller]
    fn check(published: &str, now: &str, leads: &[(&str, usize)], lost: &str) {
        let published: Vec<_> = published
            .split_whitespace()
            .map(|line| {
                let mut words = line.split('=').map(id);
                PublishedLine { id: words.next().unwrap(), before: words.collect() }
            })
            .collect();
        let past = lead_on(&published, &ids(now));
        let mut expected: Vec<_> = leads.iter().map(|(word, place)| (*place, id(word))).collect();
        expected.sort();
        assert_eq!((past.leads, past.lost), (expected, ids(lost)));
    }

    #[test]
    fn an_edited_line_is_found_between_its_neighbours() {
        check("a b c", "a x c", &[("b", 1)], "");
        check("a b c", "x y z", &[("a", 0), ("b", 1), ("c", 2)], "");
        check("a b c d", "new a x c d", &[("b", 2)], "");
    }

    #[test]
    fn lines_that_are_split_or_joined_are_found_where_they_begin() {
        check("a b c", "a x y c", &[("b", 1)], "");
        check("a b c d", "a x d", &[("b", 1), ("c", 1)], "");
    }

    #[test]
    fn a_line_that_is_gone_leads_to_the_one_that_follows_and_is_named() {
        check("a b c", "a c", &[("b", 1)], "b");
        check("a b", "a", &[("b", 0)], "b");
        check("a", "", &[], "a");
    }

    #[test]
    fn ids_of_before_go_along_and_nobody_takes_an_id_that_is_used() {
        check("a b=o=p c", "a x c", &[("b", 1), ("o", 1), ("p", 1)], "");
        check("a b=o c=o", "a b c o", &[], "");
        check("a b=o c", "b a c", &[("o", 0)], "");
    }

    #[test]
    fn writing_again_changes_nothing() {
        let before = publish_ids(&ids("a b c"), &[]);
        let now = ids("a x c");
        let first = publish_ids(&now, &lead_on(&before, &now).leads);
        assert_eq!(publish_ids(&now, &lead_on(&first, &now).leads), first);
        let back = ids("a b c");
        let third = publish_ids(&back, &lead_on(&first, &back).leads);
        assert_eq!(
            third.iter().map(|line| line.before.len()).sum::<usize>(),
            1,
            "as many as there were edits"
        );
    }
}
