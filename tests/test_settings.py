"""Settings are the same in a process that is started with them."""

from pathlib import Path

import pytest

from wildcam.settings import BlurPeople, LoginMode, Settings


def test_another_process_reads_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(
        home=tmp_path,
        data_roots=(tmp_path / "one", tmp_path / "other"),
        login=LoginMode.ACCOUNTS,
        blur_people=BlurPeople.EVERYBODY,
        quota_disk=2.5,
    )
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings
