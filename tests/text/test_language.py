"""The language of a text: news in many languages, and texts that do not tell."""

import socket

import pytest

from tasks.text.language import detect_language

TOLD = [
    ("en", "The minister said on Monday that talks with the rebels had failed."),
    ("en", "THE PRESIDENT MET THE PRIME MINISTER IN ANKARA ON TUESDAY"),
    ("en", "Founded with the support of Inés Álvarez, Fundación Mañana También ran from 1998 to 2005."),
    ("de", "Die Regierung hat am Montag neue Sanktionen gegen das Land verhängt."),
    ("fr", "Le président a rencontré son homologue à Paris mardi dernier."),
    ("ru", "Президент встретился с премьер-министром в Москве во вторник."),
    ("tr", "Cumhurbaşkanı bugün Ankara'da bakanlarla bir araya geldi."),
    ("hy", "Հայաստանի վարչապետը հանդիպել է նախարարի հետ Երևանում։"),
    ("ka", "პრემიერ-მინისტრი თბილისში შეხვდა პრეზიდენტს"),
    ("ar", "التقى الرئيس بوزير الخارجية في القاهرة يوم الثلاثاء"),
    ("hi", "राष्ट्रपति ने मंगलवार को दिल्ली में विदेश मंत्री से मुलाकात की"),
    ("zh", "国家主席周二在北京会见了外交部长并发表讲话双方讨论了合作"),
    ("nl", "De regering heeft maandag nieuwe sancties aangekondigd tegen het land."),
]


@pytest.mark.parametrize(("language", "text"), TOLD)
def test_a_sentence_of_news_is_enough(language: str, text: str) -> None:
    assert detect_language(text) == language
    assert detect_language(f"  {text}\n\nhttps://example.org/{'x' * 300} desk@example.org") == language


@pytest.mark.parametrize(
    "text", ["", "Goma", "12:30 ... 1,000 $ 3/4", "www.example.org/the-war-in-the-north-of-the-country"]
)
def test_what_does_not_tell_is_none(text: str) -> None:
    assert detect_language(text) is None


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_network(*args: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    assert detect_language("Le gouvernement a annoncé de nouvelles mesures lundi soir.") == "fr"
