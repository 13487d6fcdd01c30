"""The reference of the commands, written from the commands themselves.

`python -m jalon.cli.reference FOLDER` writes `fr/commandes.md` and `en/commands.md`
there; the site of the guides takes them in. What is said is what `--help` says.
"""

from __future__ import annotations

import gettext
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from jalon.cli.door import SHARED
from jalon.cli.helping import spoken
from jalon.cli.main import COMMANDS, group, speak

FILES = {"fr": "commandes.md", "en": "commands.md"}
_LEFT_OUT = {"help", *SHARED}
TITLE = "The commands"
ABOUT = (
    "Every command, with what it takes. These four options go with each of them, "
    "before or after its words."
)
OPTION, MEANING, EXAMPLE = "Option", "What it is for", "Example:"
EXAMPLES = {
    "init": "jalon init ma-societe --company 'Dupont SA' --currency EUR",
    "demo": "jalon demo demo --scale 4 --no-serve",
    "import": "jalon import export-crm.zip --dry-run",
    "sources kinds": "jalon sources kinds",
    "sources list": "jalon sources list --json",
    "sources add": "jalon sources add hubspot crm --secret key --every 60",
    "sources test": "jalon sources test crm",
    "sources map": "jalon sources map crm --stage 'Closed won=won'",
    "sources schedule": "jalon sources schedule crm 30",
    "sources hook": "jalon sources hook crm",
    "sources refresh": "jalon sources refresh crm --sweep",
    "sources write-back": "jalon sources write-back crm",
    "sources remove": "jalon sources remove crm",
    "kpi list": "jalon kpi list",
    "kpi show": "jalon kpi show win_rate",
    "kpi value": "jalon kpi value revenue --from 2026-01-01 --by person",
    "smart": "jalon smart 'Augmenter le CA de 10 % au T3' --owner team:nord",
    "models": "jalon models revenue --owner person:marie",
    "objectives import": "jalon objectives import objectifs.csv",
    "objectives list": "jalon objectives list",
    "objectives status": "jalon objectives status --on 2026-06-30 --json",
    "objectives explain": "jalon objectives explain ca-t2-marie --limit 20",
    "objectives export": "jalon objectives export --to objectifs.csv",
    "forecast": "jalon forecast --kpi revenue --by team",
    "forecast backtest": "jalon forecast backtest --kpi revenue --by team",
    "gap": "jalon gap --kpi revenue --first 2026-04-01 --against N-1",
    "drift": "jalon drift --on 2026-06-30",
    "alerts": "jalon alerts --waiting",
    "points": "jalon points --address https://jalon.exemple.fr",
    "surveys list": "jalon surveys list",
    "surveys create": "jalon surveys create 'Satisfaction' --kind nps --delay 7",
    "surveys send": "jalon surveys send satisfaction --to envois.csv",
    "surveys settle": "jalon surveys settle",
    "surveys import": "jalon surveys import reponses.csv",
    "surveys returned": "jalon surveys returned retour.eml",
    "surveys leave": "jalon surveys leave camille@exemple.fr",
    "surveys show": "jalon surveys show --first 2026-01-01 --after 2026-07-01",
    "payout": "jalon payout plan.toml resultats.csv",
    "cascade": "jalon cascade arbre.json",
    "territories propose": "jalon territories propose --moves 40 --to mouvements.csv",
    "territories list": "jalon territories list",
    "territories show": "jalon territories show 3",
    "territories apply": "jalon territories apply 3 --reason 'Marie part'",
    "territories drop": "jalon territories drop 3",
    "report evidence": "jalon report evidence --person marie --first 2026-01-01 "
    "--after 2026-07-01 --to dossier.zip",
    "report statement": "jalon report statement --person marie --period 2026-Q2 "
    "--to releve.pdf",
    "report weekly": "jalon report weekly --team nord --to semaine.txt",
    "report digest": "jalon report digest --email marie@exemple.fr --to semaine.html",
    "report review": "jalon report review --owner team:nord --to revue.pdf",
    "report quarterly": "jalon report quarterly --to trimestre.pptx",
    "report monthly": "jalon report monthly --owner team:nord --to mois.pdf",
    "invite": "jalon invite marie@exemple.fr --role manager --person marie",
    "accounts list": "jalon accounts list",
    "accounts import": "jalon accounts import comptes.csv --dry-run",
    "accounts erase": "jalon accounts erase marie",
    "tokens list": "jalon tokens list",
    "tokens make": "jalon tokens make 'Tableau' --account marie@exemple.fr --days 90",
    "tokens revoke": "jalon tokens revoke 2",
    "mcp": "jalon mcp --http 127.0.0.1:8765",
    "serve": "jalon serve --port 8000 --workers 2",
    "worker": "jalon worker --once",
    "backup": "jalon backup sauvegarde.zip",
    "restore": "jalon restore sauvegarde.zip --replace",
    "doctor": "jalon doctor --repair",
}


def written(folder: Path) -> list[Path]:
    """Write the reference in both languages; return the files."""
    found = []
    for lang, name in FILES.items():
        path = folder / lang / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(lang), "utf-8")
        found.append(path)
    return found


def page(lang: str) -> str:
    """Return the reference in a language, as Markdown."""
    speak(lang)
    spoken(group)
    with click.Context(group, info_name="jalon") as root:
        parts = [
            f"# {gettext.gettext(TITLE)}",
            gettext.gettext(ABOUT),
            _table([one for one in group.params if one.name in SHARED], root),
        ]
        for name, (_, short) in COMMANDS.items():
            command = group.get_command(root, name)
            assert command is not None  # noqa: S101 - it is one of them
            parts.append(f"## jalon {name}")
            if isinstance(command, click.Group):
                parts.append(gettext.gettext(short))
            parts += _parts(command, click.Context(command, root, info_name=name))
    return "\n\n".join(part for part in parts if part) + "\n"


def leaves(
    command: click.Command, context: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield each command that does something, at any depth."""
    if not isinstance(command, click.Group) or _own(command):
        yield command, context
    if not isinstance(command, click.Group):
        return
    for name, below in command.commands.items():
        yield from leaves(below, click.Context(below, context, info_name=name))


def _own(command: click.Command) -> list[click.Parameter]:
    """Return what a command takes besides what all of them take."""
    return [one for one in command.params if one.name not in _LEFT_OUT]


def _parts(command: click.Command, context: click.Context) -> Iterator[str]:
    for one, here in leaves(command, context):
        if one is not command:
            yield f"### {here.command_path}"
        yield one.help or ""
        usage = " ".join([here.command_path, *one.collect_usage_pieces(here)])
        yield f"```text\n{usage}\n```"
        yield _table(_own(one), here)
        example = EXAMPLES[here.command_path.removeprefix("jalon ")]
        yield f"{gettext.gettext(EXAMPLE)}\n\n```text\n{example}\n```"


def _table(params: list[click.Parameter], context: click.Context) -> str:
    """Return the options as a table; nothing where there is none."""
    told = [one.get_help_record(context) for one in params]
    rows = [
        f"| `{_cell(name)}` | {_cell(text)} |"
        for name, text in (one for one in told if one is not None)
        if text
    ]
    head = f"| {gettext.gettext(OPTION)} | {gettext.gettext(MEANING)} |"
    return "\n".join([head, "| --- | --- |", *rows]) if rows else ""


def _cell(text: str) -> str:
    return (
        text.replace("INTEGER RANGE", "N").replace("INTEGER", "N").replace("|", "\\|")
    )


if __name__ == "__main__":
    written(Path(sys.argv[1]))
