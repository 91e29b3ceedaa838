from pathlib import Path

import pytest

from beffroi.web import vendor


def test_only_what_pages_need_is_copied_without_the_comments_that_stop_a_manifest(tmp_path: Path) -> None:
    copied = vendor.copy_vendor_files(to=tmp_path / "vendor")
    assert {path.name for path in copied} >= {"bootstrap.min.css", "htmx.min.js", "vega-embed.min.js", "SourceSans3-700.ttf"}
    assert [path.name for path in copied if b"sourceMappingURL" in path.read_bytes()] == []


def test_interpreter_becomes_a_plain_script() -> None:
    module = b"import { isString } from 'vega-util';\nconst expression = 1;\nexport { expression as expressionInterpreter };\n"
    served = vendor.served_text("vega-interpreter.js", module)
    assert served.startswith(b"{const { isString } = globalThis.vega;")
    assert b"globalThis.vegaInterpreter = expression;}" in served


def test_interpreter_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="sa forme a changé"):
        vendor.served_text("vega-interpreter.js", b"export default 1;\n")


def test_missing_modules_say_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="npm ci"):
        vendor.copy_vendor_files(tmp_path, to=tmp_path / "vendor")
