//! What a site's own templates and static files can do.

mod support;

use support::Project;

const TALK: &str = "+++\ntitle = \"A talk\"\n+++\nSpeaker 0\n\n你好 <b>。\n\nHello & welcome.\n\nSpeaker 1\n\n好。\n\nFine.\n";

#[test]
fn a_cue_template_takes_over_the_markup_of_every_cue() {
    let cue = "<p class=mine id='{{ cue.id }}'>{{ cue.speaker }}: {% for t in cue.texts %}<q lang='{{ t.lang }}'>{{ t.text }}</q>{% endfor %}</p>";
    let project = Project::of(&[("content/talks/a.txt", TALK), ("templates/cue.html", cue)]);
    project.build();
    let site = project.site();
    let page = site.text("talks/a/index.html");
    assert_eq!(page.matches("class=mine").count(), 2);
    assert!(
        page.contains(
            "Speaker 0: <q lang=\"zh-Hans\">你好 &lt;b&gt;。</q><q lang=\"en\">Hello &amp; welcome.</q>"
        ),
        "{page}"
    );
}

#[test]
fn a_file_of_the_site_takes_the_place_of_the_themes() {
    let project = Project::of(&[
        ("content/talks/a.txt", TALK),
        (
            "templates/404.html",
            "<!doctype html><title>{{ page.head_title }}</title><p>{{ site.extra.word }}</p>",
        ),
        ("static/diglot.css", "body { color: black }"),
        ("site.toml", "[extra]\nword = \"elsewhere\"\n"),
    ]);
    project.build();
    let site = project.site();
    assert!(site.text("404.html").contains("<p>elsewhere"), "{}", site.text("404.html"));
    assert_eq!(site.text("diglot.css"), "body { color: black }");
    assert!(site.text("index.html").contains("diglot.css?v="), "the theme's other pages stay");
}

#[test]
fn the_interface_speaks_the_words_of_the_sites_own_file() {
    let project = Project::of(&[
        (
            "content/talks/a.txt",
            "Speaker 0\n\nBonjour à tous, nous allons parler de la mer et des bateaux.\n",
        ),
        ("templates/ui/fr.toml", "transcript = \"Transcription\"\n"),
        ("site.toml", "languages = [\"fr\"]\n"),
    ]);
    project.build();
    let site = project.site();
    let page = site.text("talks/a/index.html");
    assert!(page.contains("lang=\"fr\""), "{page}");
    assert!(page.contains("Transcription"), "the site's own word");
    assert!(page.contains("Contents") || page.contains("Episodes"), "what it lacks is in English");
}
