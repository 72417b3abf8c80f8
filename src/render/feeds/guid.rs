//! What a feed is called wherever it moves: `podcast:guid`. Never asks chance or a clock.

use uuid::Uuid;

/// The namespace of podcasts' feeds.
const NAMESPACE: Uuid = Uuid::from_u128(0xead4_c236_bf58_58c6_a2c6_a6b2_8d12_8cb6);

/// The id of the feed at an address: of what the address has without its scheme and the slashes
/// at its end.
pub fn guid(address: &str) -> String {
    let place = address.split_once("://").map_or(address, |(_, place)| place);
    Uuid::new_v5(&NAMESPACE, place.trim_end_matches('/').as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_namespace_hold() {
        for (address, id) in [
            ("mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
            ("podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ] {
            for address in [address.to_owned(), format!("https://{address}"), format!("http://{address}//")] {
                assert_eq!(guid(&address), id, "{address}");
            }
        }
    }
}
