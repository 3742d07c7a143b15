"""Settings: a wrong one stops the run at its start and is named."""

from __future__ import annotations

import pytest

from tasks.contracts.settings import Settings, SettingsError, load_settings


def test_the_file_overrules_the_default_and_the_environment_overrules_the_file() -> None:
    toml = b"batch_articles = 7\nkeep_versions = 3\n"
    settings = load_settings(toml, {"DATELINE_KEEP_VERSIONS": "4", "DATELINE_DAY_FIRST": "false"})
    assert settings == Settings(batch_articles=7, keep_versions=4, day_first=False)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("batch_article = 7", "batch_article"),
        ('batch_articles = "many"', "batch_articles must be a int"),
        ("batch_articles = true", "batch_articles"),
        ("batch_articles = 0", "from 1 to"),
        ("max_file_bytes = 1e99", "max_file_bytes"),
        ('model = ""', "model"),
        ("batch_articles = ", "no valid TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(text: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named) as error:
        load_settings(text.encode(), {}, name="seeds/dateline.toml")
    assert "dateline.toml" in str(error.value)
