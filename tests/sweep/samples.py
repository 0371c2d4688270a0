"""A case that solves in a hundredth of a second, and studies of it."""

import textwrap

CASE = """
boxes = [{ name = "rod", material = "m", x = ["0 m", "0.2 m"], y = ["0 m", "0.01 m"], z = ["0 m", "0.01 m"] }]
surfaces = [{ name = "begin", of = "rod", sides = ["x-"] }, { name = "end", of = "rod", sides = ["x+"] }]
terminals = [{ name = "in", surfaces = ["begin"], current = "500 A" },
             { name = "out", surfaces = ["end"], potential = "0 V" }]
conditions = [{ on = ["begin", "end"], laws = [{ kind = "fixed_temperature", temperature = "300 K" }] }]

[mesh]
size = "10 mm"

[materials.m]
thermal_conductivity = "20 W/m/K"
electrical_conductivity = "1e6 S/m"
"""


def write_study(folder, text, name="study.toml", **more):
    """Study of the tiny case, both written to a folder; `more` are further keys with texts as values."""
    (folder / "tiny.toml").write_text(f'schema = "oxycell-case/1"\ntitle = "tiny"\n{CASE}', encoding="utf-8")
    head = {"schema": "oxycell-study/1", "case": "tiny.toml", "title": "tiny study"} | more
    lines = [f'{key} = "{value}"' for key, value in head.items()]
    (folder / name).write_text("\n".join([*lines, textwrap.dedent(text)]), encoding="utf-8")
    return folder / name


def many(count, kinds=2):
    """Axes of count · kinds cases."""
    values = ", ".join(f'"{k + 10} W/m/K"' for k in range(kinds))
    currents = ", ".join(f'"{10 + 90 * k / max(count - 1, 1)} A"' for k in range(count))
    return f"""
        axes = [{{ key = "terminals.0.current", values = [{currents}] }},
                {{ key = "materials.m.thermal_conductivity", values = [{values}] }}]"""
