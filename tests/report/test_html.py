"""Elements as text."""

from neckguard.report.html import Markup, tag


def test_what_is_no_markup_is_escaped_wherever_it_stands() -> None:
    assert tag("p", '<b> & "c"', [tag("i", "d"), "<"], title='"><script>') == (
        '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt; &amp; &quot;c&quot;<i>d</i>&lt;</p>'
    )
    assert tag("style", Markup("a > b {}")) == "<style>a > b {}</style>"


def test_what_is_no_markup_is_clean_wherever_it_stands() -> None:
    assert tag("p", "a\x1b\u202eb", title="c\x9bd\n") == '<p title="cd\n">ab</p>'


def test_attributes_are_spelt_as_html_has_them() -> None:
    assert tag("td", class_="x", aria_label="y", open=True, hidden=False, dx=None, y=1.5, r=2.0) == (
        '<td class="x" aria-label="y" open y="1.5" r="2"></td>'
    )
    assert tag("meta", charset="utf-8") == '<meta charset="utf-8">'
