"""Copies from `node_modules` the few files that pages and documents need: `python -m beffroi.web.vendor`."""

import re
import shutil
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
VENDOR = WEB / "static" / "vendor"
TERRITORIES = WEB / "data" / "vendor" / "territoires"
MODULES = WEB.parents[2] / "node_modules"
WEIGHTS = {"400": "400Regular", "600": "600SemiBold", "700": "700Bold", "400-italic": "400Regular_Italic"}
WEB_FONT = "@fontsource/source-sans-3/files/source-sans-3-latin-{}.woff2"
PRINT_FONT = "@expo-google-fonts/source-sans-3/{0}/SourceSans3_{0}.ttf"
FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "vega/build/vega.min.js": "vega.min.js",
    "vega-lite/build/vega-lite.min.js": "vega-lite.min.js",
    "vega-embed/build/vega-embed.min.js": "vega-embed.min.js",
    "vega-interpreter/build/vega-interpreter.js": "vega-interpreter.js",
    "@fontsource/source-sans-3/LICENSE": "fonts/LICENSE",
}
for weight, folder in WEIGHTS.items():
    source = WEB_FONT.format(weight if "-" in weight else f"{weight}-normal")
    FILES[source] = f"fonts/source-sans-3-{weight}.woff2"
    FILES[PRINT_FONT.format(folder)] = f"fonts/SourceSans3-{weight}.ttf"
TERRITORY_FILES = {
    f"@etalab/decoupage-administratif/data/{name}.json": f"{name}.json"
    for name in ("regions", "departements", "epci", "communes")
}
# A manifest of static files follows these comments and stops on the maps, which are not copied.
SOURCE_MAP = re.compile(rb"(?m)^(?://[#@] sourceMappingURL=.*|/\*# sourceMappingURL=.*\*/)\s*$")

# The interpreter comes as a module that imports by a bare name, which needs an inline import map, which the policy forbids.
INTERPRETER_OPENING = (re.compile(rb"(?m)^import (\{.*\}) from 'vega-util';$"), rb"{const \1 = globalThis.vega;")
INTERPRETER_CLOSING = (
    re.compile(rb"(?m)^export \{ expression as expressionInterpreter \};$"),
    b"globalThis.vegaInterpreter = expression;}",
)


def served_text(name: str, text: bytes) -> bytes:
    text = SOURCE_MAP.sub(b"", text)
    for pattern, replacement in (INTERPRETER_OPENING, INTERPRETER_CLOSING) if name == "vega-interpreter.js" else ():
        text, found = pattern.subn(replacement, text)
        if found != 1:
            raise ValueError(f"{name} : sa forme a changé, revoir beffroi.web.vendor.")
    return text


def copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix in {".js", ".css"}:
        target.write_bytes(served_text(source.name, source.read_bytes()))
    else:
        shutil.copyfile(source, target)


def copy_vendor_files(modules: Path = MODULES, *, to: Path = VENDOR, territories: Path = TERRITORIES) -> list[Path]:
    """The files that pages and documents are served, and the official codes of territories."""
    targets = {source: to / name for source, name in FILES.items()}
    targets |= {source: territories / name for source, name in TERRITORY_FILES.items()}
    missing = [name for name in targets if not (modules / name).is_file()]
    if missing:
        raise FileNotFoundError(f"Absents de {modules} : {', '.join(missing)}. Lancer d’abord « npm ci --ignore-scripts ».")
    for folder in (to, territories):
        shutil.rmtree(folder, ignore_errors=True)
    for source, target in targets.items():
        copy_file(modules / source, target)
    return list(targets.values())


if __name__ == "__main__":
    copied = copy_vendor_files(Path(sys.argv[1]) if len(sys.argv) > 1 else MODULES)
    print(f"{len(copied)} fichiers copiés sous {WEB.relative_to(WEB.parents[2])}")
