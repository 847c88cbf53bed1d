"""The house: imports point inward, and each third-party package has its rooms."""

import ast
import builtins
import re
import sys
from pathlib import Path

import pytest

from itrwatch.core.manual import Paragraph

ROOT = Path(__file__).parents[2] / "itrwatch"
MODULES = sorted(ROOT.rglob("*.py"))

INWARD = {
    "core": set(),
    "sidecar": {"core"},
    "config": {"core", "sidecar", "pdf", "errors"},
    "imaging": {"core"},
    "reading": {"core", "imaging"},
    "scans": {"core", "imaging"},
    "pdf": {"core", "imaging"},
    "born_digital": {"core", "imaging", "scans", "pdf"},
    "workers": {"core", "imaging", "reading", "scans", "pdf", "born_digital"},
    "report": {"core", "sidecar"},
    "store": {"core", "sidecar", "scans", "errors"},
    "job": {"core", "sidecar", "scans", "pdf", "workers", "report", "store", "log"},
    "daemon": {"core", "sidecar", "report", "store", "job", "errors"},
    "demo": {"core", "pdf"},
}
"""What each folder may import of ours beside itself; commands and doctor may import all."""

OWNERS = {
    "yaml": {"sidecar"},
    "watchdog": {"daemon"},
    "loguru": set(),  # whoever has something to log
    "rich": {"commands"},
    "daemon": {"daemon"},
    "jinja2": {"report"},
    "onnxruntime": {"imaging"},
    "zxingcpp": {"imaging"},
    "cv2": {"imaging", "reading", "scans", "demo"},
    "numpy": {"imaging", "reading", "scans", "born_digital", "pdf", "demo"},
    "PIL": {"imaging", "scans", "born_digital", "pdf", "demo"},
    "simplejpeg": {"scans"},
    "pillow_heif": {"scans"},
    "pikepdf": {"scans", "born_digital", "pdf", "demo"},
    "pypdfium2": {"scans", "born_digital", "pdf"},
    "asn1crypto": {"scans"},
    "fontTools": {"born_digital", "pdf"},
    "holidays": {"report"},
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if is_module(inner) else node.module


def is_module(name):
    path = ROOT.parent.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def room(path):
    return path.relative_to(ROOT).parts[0]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_inward(path):
    allowed = INWARD.get(room(path))
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "itrwatch" and len(parts) > 1 and allowed is not None and parts[1] != "__version__":
            assert parts[1] in allowed | {room(path)}, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_each_package_stays_in_its_rooms(path):
    for name in imports(path):
        package = name.split(".")[0]
        if package in sys.stdlib_module_names or package == "itrwatch":
            continue
        assert package in OWNERS, f"{package} has no owner"
        assert room(path) != "core", f"core imports {package}"
        rooms = OWNERS[package]
        assert not rooms or room(path) in rooms, f"{path.name} imports {package}"


def test_the_shell_has_no_cycles():
    """A cycle between modules is a room that cannot be entered alone."""
    graph = {}
    for path in MODULES:
        name = ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        graph[name] = {target for target in imports(path) if target.startswith("itrwatch.")}
    done, path = set(), []

    def visit(name):
        assert name not in path, " → ".join([*path[path.index(name) :], name])
        if name in done or name not in graph:
            return
        path.append(name)
        for target in sorted(graph[name]):
            visit(target)
        path.pop()
        done.add(name)

    for name in sorted(graph):
        visit(name)


def test_no_sentence_leaves_the_plural_to_the_reader():
    """“1 página”, “2 páginas” (`core.text_matching.counted`), never the form that is right for neither."""
    literals = [
        (path.name, node.lineno, node.value)
        for path in MODULES
        if path.name != "manual.py"  # it quotes the tutorial, which does so; what it says is held below
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    literals += [(paragraph.name, 0, paragraph.says) for paragraph in Paragraph]
    literals += [(path.name, 0, path.read_text("utf-8")) for path in ROOT.glob("report/templates/*.html")]
    assert [where for *where, text in literals if re.search(r"[a-zãçéó]\((?:s|es|ões|as|os)\)", text)] == []


def docstrings(tree):
    """Every docstring, and every text that stands behind a constant to explain it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def defined(tree):
    """Every name that a module binds: functions, classes, variables, attributes, arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name | ast.arg | ast.Attribute | ast.alias):
            yield getattr(node, "id", None) or getattr(node, "arg", None) or getattr(node, "attr", None) or node.name


def test_every_name_that_a_docstring_refers_to_exists():
    """`like_this`, in single quotes of that kind, is a name of ours; renaming must not leave it behind."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in MODULES}
    known = {name.split(".")[-1] for tree in trees.values() for name in defined(tree)} | set(dir(builtins))
    known |= {path.stem for path in ROOT.rglob("*") if "." not in path.stem}
    known |= {"rapidocr", "subprocess", "multiprocessing", "core_pattern", "pop"}  # of others, not imported there
    for path, tree in trees.items():
        for text in docstrings(tree):
            for name in re.findall(r"(?<!`)`([A-Za-z_][\w.]*)`(?!`)", text):
                assert name.split(".")[-1] in known, f"{path.name}: {name}"


def bound(path):
    """The names that a module binds at its top, and those of the modules beside it if it is a package."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
    if path.name == "__init__.py":
        yield from (beside.stem for beside in path.parent.iterdir())


@pytest.mark.parametrize("folder", ["bench", "docs", "fuzz", "release"])
def test_what_is_run_by_hand_imports_names_that_exist(folder):
    """No other test imports these programs, so that a renaming would break them unnoticed."""
    for path in sorted((ROOT.parent / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "itrwatch":
                place = ROOT.parent.joinpath(*node.module.split("."))
                module = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
                missing = {alias.name for alias in node.names} - set(bound(module))
                assert not missing, f"{path.name}: {node.module} has no {missing}"
