from pathlib import Path

import pytest

from beffroi.connectors.rejections import rejections_table, write_rejections_csv
from beffroi.connectors.staging import UnfinishedStaging, discard, finished_check, read_staged
from tests.connectors.factories import checked, profile, staged

CODE = profile({"name": "code"})


def test_a_finished_check_is_found_again(tmp_path: Path) -> None:
    found = checked(tmp_path, "code\na\n", CODE)
    assert finished_check(tmp_path / "staging") == found


def test_only_the_columns_asked_are_read(tmp_path: Path) -> None:
    checked(tmp_path, "code\na\n", CODE)
    (part,) = read_staged(tmp_path / "staging", ["_row", "code"])
    assert part.rows() == [(2, "a")]


def test_a_half_written_folder_counts_for_nothing_and_is_emptied(tmp_path: Path) -> None:
    checked(tmp_path, "code\na\nb\n", CODE)
    folder = tmp_path / "staging"
    (folder / "checked.json").unlink()
    (folder / "part-00007.parquet").write_bytes(b"PAR1 cut")
    (folder / "part-00008.partial").write_bytes(b"PAR1")
    (folder / "rejections-00003.parquet").write_bytes(b"")
    with pytest.raises(UnfinishedStaging, match="relancez-le"):
        next(read_staged(folder))
    with pytest.raises(UnfinishedStaging):
        rejections_table(folder)
    checked(tmp_path, "code\nc\n", CODE)
    assert staged(tmp_path)["code"].to_list() == ["c"]
    assert sorted(path.name for path in folder.iterdir()) == ["checked.json", "part-00000.parquet"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"unknown": 1}'])
def test_a_damaged_manifest_is_no_finished_check(tmp_path: Path, content: str) -> None:
    (tmp_path / "checked.json").write_text(content, "utf-8")
    assert finished_check(tmp_path) is None
    with (tmp_path / "out.csv").open("w", encoding="utf-8") as out, pytest.raises(UnfinishedStaging):
        write_rejections_csv(tmp_path, [], out)


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "staging").mkdir()
    (tmp_path / "staging" / "notes.txt").write_text("à garder", "utf-8")
    checked(tmp_path, "code\na\n", CODE)
    assert (tmp_path / "staging" / "notes.txt").exists()


def test_a_folder_is_discarded_once_or_twice(tmp_path: Path) -> None:
    checked(tmp_path, "code\na\n", CODE)
    discard(tmp_path / "staging")
    discard(tmp_path / "staging")
    assert not (tmp_path / "staging").exists()
