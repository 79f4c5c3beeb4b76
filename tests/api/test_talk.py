"""What commands say of what goes wrong."""

import pytest
import typer

from api.cli.talk import INPUT, errors_told


def test_a_missing_library_is_named_with_what_brings_it(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught, errors_told("en"):
        raise ModuleNotFoundError("No module named 'openpyxl'")
    assert caught.value.exit_code == INPUT
    said = capfd.readouterr().err
    assert "openpyxl" in said
    assert "muster[" in said
