"""Writes keywitness.1, and a page for each subcommand, from what the executable says about itself:

    keywitness --experimental-dump-help | python3 manual.py FOLDER VERSION DATE
"""

import json
import os
import sys


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    # A dot at the beginning of a line would be a request.
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.split("\n"))


def flag_names(argument):
    """-r, --filter: how an option may be written, the short names first."""
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    names = [dashes[name["kind"]] + name["name"] for name in argument.get("names", [])]
    return sorted(names, key=lambda name: name.startswith("--"))


def merged(arguments):
    """A flag and its --no- form stand beside each other with one text."""
    result = []
    for argument in arguments:
        last = result[-1] if result else None
        if last and argument["kind"] == last["kind"] == "flag" and any(
            name["name"] == "no-" + last["names"][-1]["name"] for name in argument["names"]
        ):
            result[-1] = {**last, "names": last["names"] + argument["names"]}
        else:
            result.append(argument)
    return result


def value(argument):
    return "\\fI" + escaped(argument["valueName"]) + "\\fR"


def term(argument):
    if argument["kind"] == "positional":
        return value(argument)
    names = ", ".join("\\fB" + escaped(name) + "\\fR" for name in flag_names(argument))
    return names + (" " + value(argument) if argument["kind"] == "option" else "")


def synopsis(path, command):
    parts = ["\\fB" + escaped(" ".join(path)) + "\\fR"]
    arguments = [a for a in command.get("arguments", []) if a.get("shouldDisplay", True)]
    if any(a["kind"] != "positional" for a in arguments):
        parts.append("[\\fIoptions\\fR]")
    for argument in arguments:
        if argument["kind"] == "positional":
            shown = value(argument) + (" ..." if argument.get("isRepeating") else "")
            parts.append(f"[{shown}]" if argument.get("isOptional") else shown)
    if command.get("subcommands"):
        parts.append("\\fIsubcommand\\fR")
    return " ".join(parts)


def prose(text):
    """Paragraphs; indented lines as they are, and `Examples:` as a heading."""
    lines, indented = [], False
    for line in text.split("\n"):
        if line.startswith("  ") != indented:
            lines += [".RE", ".fi"] if indented else [".PP", ".nf", ".RS 4"]
            indented = not indented
        if line == "Examples:":
            lines.append(".SH EXAMPLES")
        elif line.startswith("Exit codes: "):
            lines += [".SH EXIT STATUS", escaped(line.removeprefix("Exit codes: "))]
        elif not line.strip():
            lines.append(".PP")
        else:
            lines.append(escaped(line.strip()))
    return lines + ([".RE", ".fi"] if indented else [])


def page(path, command, version, date):
    name = "-".join(path)
    abstract = command.get("abstract", "").rstrip(".")
    lines = [
        f'.TH "{name.upper()}" "1" "{date}" "keywitness {version}" "User Commands"',
        ".SH NAME", escaped(name) + " \\- " + escaped(abstract),
        ".SH SYNOPSIS", synopsis(path, command),
    ]
    subcommands = [c for c in command.get("subcommands", []) if c["commandName"] != "help"]
    if subcommands:
        lines.append(".SH SUBCOMMANDS")
        for child in subcommands:
            lines += [".TP", "\\fB" + escaped(f"{name}-{child['commandName']}") + "\\fR(1)",
                      escaped(child.get("abstract", ""))]
    section = None
    arguments = merged([a for a in command.get("arguments", []) if a.get("shouldDisplay", True)])
    titled = lambda a: a.get("sectionTitle") or ("Arguments" if a["kind"] == "positional" else "Options")
    titles = list(dict.fromkeys(titled(a) for a in arguments))
    for argument in sorted(arguments, key=lambda a: titles.index(titled(a))):
        if titled(argument) != section:
            section = titled(argument)
            lines.append(".SH " + escaped(section.upper()))
        text = argument.get("abstract", "")
        default = argument.get("defaultValue")
        if default:
            text += f" Default: {default}."
        lines += [".TP", term(argument), escaped(text)]
    if command.get("discussion"):
        lines += prose(command["discussion"])
    lines.append(".SH SEE ALSO")
    others = ["keywitness"] if len(path) > 1 else []
    lines.append(", ".join(f"\\fB{escaped(o)}\\fR(1)" for o in others + ["tcpdump", "pcap-filter"])
                 .replace("pcap\\-filter\\fR(1)", "pcap\\-filter\\fR(7)"))
    return name, "\n".join(lines) + "\n"


def pages(path, command, version, date):
    yield page(path, command, version, date)
    for child in command.get("subcommands", []):
        if child["commandName"] != "help" and child.get("shouldDisplay", True):
            yield from pages(path + [child["commandName"]], child, version, date)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder, version, date = sys.argv[1:]
    command = json.load(sys.stdin)["command"]
    for name, text in pages([command["commandName"]], command, version, date):
        with open(os.path.join(folder, name + ".1"), "w", encoding="utf-8") as file:
            file.write(text)


main()
