//! The letters by which people who stand together are told. Knows only their names.

use std::collections::HashMap;

/// The letter by which a name is told: its first, or the number of a numbered speaker.
pub(super) fn mark(name: &str) -> String {
    let digits = name
        .rsplit([' ', '_'])
        .next()
        .filter(|last| !last.is_empty() && last.len() <= 2 && last.bytes().all(|byte| byte.is_ascii_digit()));
    match digits {
        Some(digits) => digits.to_owned(),
        None => {
            name.chars().find(|c| c.is_alphanumeric()).map_or(String::new(), |c| c.to_uppercase().collect())
        }
    }
}

/// The marks of people who stand together: where two have one letter, those of both are longer,
/// and where that is not enough, they are counted.
pub(super) fn marks(names: &[&str]) -> Vec<String> {
    let mut marks: Vec<String> = names.iter().map(|name| mark(name)).collect();
    for longer in
        [|name: &str, _: usize| longer_mark(name), |name: &str, place| format!("{}{place}", mark(name))]
    {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for own in &marks {
            *counts.entry(own.clone()).or_default() += 1;
        }
        for (place, own) in marks.iter_mut().enumerate() {
            if counts[own.as_str()] > 1 {
                *own = longer(names[place], place + 1);
            }
        }
    }
    marks
}

/// The first letters of the first and the last word; of one word its first two.
fn longer_mark(name: &str) -> String {
    let letters =
        |word: &str, count| word.chars().filter(|c| c.is_alphanumeric()).take(count).collect::<String>();
    let mut words = name.split_whitespace();
    match (words.next(), words.next_back()) {
        (Some(first), Some(last)) => (letters(first, 1) + &letters(last, 1)).to_uppercase(),
        (only, _) => letters(only.unwrap_or_default(), 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_who_stand_together_have_marks_of_their_own() {
        assert_eq!(
            marks(&["Ida Marren", "林岳", "Ivo Tal", "林遥", "Bo"]),
            ["IM", "林岳", "IT", "林遥", "B"]
        );
        assert_eq!(marks(&["Ann", "Ann", "Anna"]), ["A1", "A2", "A3"]);
        assert_eq!(marks(&["", ""]), ["1", "2"]);
    }

    #[test]
    fn a_mark_is_the_first_letter_or_the_number() {
        assert_eq!(mark("林岳"), "林");
        assert_eq!(mark("ida Marren"), "I");
        assert_eq!(mark("Speaker 12"), "12");
    }
}
