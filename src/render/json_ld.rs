//! schema.org descriptions of pages, safe to stand in a `<script>`.

use serde_json::{Value, json};

use super::views::{Card, Variant};

/// JSON in which nothing can end the script it stands in.
fn for_script(value: &Value) -> String {
    let text = value.to_string();
    let mut safe = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        let (before, from) = rest.split_at(at);
        let mut characters = from.chars();
        safe.push_str(before);
        safe.extend(characters.next().map(|character| format!("\\u{:04x}", u32::from(character))));
        rest = characters.as_str();
    }
    safe + rest
}

/// What an episode's page says of it.
pub struct EpisodeData<'a> {
    pub card: &'a Card,
    pub url: String,
    pub summary: String,
    pub show_url: String,
    pub feed_url: String,
    pub number: Option<u32>,
    pub iso_duration: Option<String>,
    pub audio: Option<String>,
}

/// `PodcastEpisode`.
pub fn episode(data: &EpisodeData) -> String {
    let card = data.card;
    let name = |variants: &[Variant]| variants.first().map_or(String::new(), |one| one.text.clone());
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": name(&card.title),
        "url": data.url,
        "inLanguage": card.languages.iter().map(|lang| lang.lang.as_str()).collect::<Vec<_>>(),
        "partOfSeries": {
            "@type": "PodcastSeries",
            "name": name(&card.show.title),
            "url": data.show_url,
            "webFeed": data.feed_url,
        },
    });
    let mut put = |key: &str, own: Option<Value>| {
        if let Some(own) = own {
            value[key] = own;
        }
    };
    put("alternateName", card.title.get(1).map(|one| one.text.clone().into()));
    put("description", (!data.summary.is_empty()).then(|| data.summary.clone().into()));
    put("datePublished", card.date.as_ref().map(|date| date.iso.clone().into()));
    put("episodeNumber", data.number.map(Value::from));
    put("timeRequired", data.iso_duration.clone().map(Value::from));
    put("associatedMedia", data.audio.clone().map(|url| json!({"@type": "AudioObject", "contentUrl": url})));
    let people: Vec<Value> = card
        .voices
        .iter()
        .filter(|voice| voice.url.is_some())
        .map(|voice| json!({"@type": "Person", "name": name(&voice.name)}))
        .collect();
    put("actor", (!people.is_empty()).then(|| people.into()));
    for_script(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_it_can_end_the_script() {
        let safe = for_script(&json!({"a": "</script><!--&\u{2028}"}));
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']));
        assert_eq!(serde_json::from_str::<Value>(&safe).unwrap()["a"], "</script><!--&\u{2028}");
    }
}
