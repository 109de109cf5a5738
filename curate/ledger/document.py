"""A ledger as one HTML file. Pure: the API's answer in, text out; every line leads back to the page behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from curate.reports.document.content import Made
from curate.reports.document.evaluation import heading
from curate.reports.document.markup import Child, Markup, tag
from curate.reports.document.page import Part, document, report_part, table
from curate.reports.document.parts.differences import word
from curate.reports.document.words import NONE, Words, is_known

Json = dict[str, Any]
BAR = (904.0, 10.0)  # width and height of the bar of times, pixels


def ledger_report(ledger: Json, made: Made, home: str) -> str:
    """The file. `home` is the address of the installation, with / at its end."""
    one = LedgerPage(ledger, made.words, home.rstrip("/"))
    parts = [one.gains(), one.times(), one.weakness(), one.search(), one.labels(), one.data(), one.runs(), one.again()]
    head = heading(made, one.w("ledger.kind"), ledger["run"]["name"], one.lead())
    title = f"{ledger['run']['name']} · {one.w('ledger.kind')}"
    return document(
        title=title,
        language=one.w.language,
        head=head,
        parts=[part for part in parts if part],
        contents=one.w("contents"),
    )


class LedgerPage:
    """The parts of the page."""

    def __init__(self, ledger: Json, words: Words, home: str) -> None:
        self.ledger, self.w, self.home = ledger, words, home

    def link(self, text: Child, path: str) -> Markup:
        return tag("a", text, href=self.home + path)

    def lead(self) -> str:
        before, time = self.ledger["before"], self.ledger["time"]
        return self.w(
            "ledger.lead" if before else "ledger.leadFirst",
            dataset=self.ledger["dataset"]["name"],
            before=before["name"] if before else "",
            wall=self.span(time["wall_seconds"]),
            people=self.span(time["human_seconds"]),
        )

    def span(self, seconds: float | None) -> str:
        """A time as 8 s, 4 min or 2 h 05 min."""
        if seconds is None:
            return NONE
        whole = max(0, round(seconds))
        hours, minutes = divmod(round(whole / 60), 60)
        if whole < 60:
            return self.w("ledger.seconds", n=whole)
        return self.w("ledger.hours", h=hours, m=f"{minutes:02d}") if hours else self.w("ledger.minutes", n=minutes)

    def gains(self) -> Part:
        w, found = self.w, self.ledger["gains"]
        rows = [self.gain_row(name, found[name]) for name in ("control", "before", "root") if found[name]]
        seeds = self.ledger["seeds"]
        if seeds:
            named = w("ledger.overSeeds", n=len(seeds["seeds"]))
            rows.append([named, "", "", w.signed(seeds["value"]), w.signed_interval(seeds), ""])
        head = [w("ledger.over." + name) for name in ("what", "a", "b", "change", "interval", "verdict")]
        shown = table(head, rows, class_="numbers") if rows else tag("p", w("ledger.noGain"))
        return report_part("gain", w("ledger.gain"), shown, note=w("ledger.gainNote"))

    def gain_row(self, name: str, gain: Json) -> Sequence[Child]:
        w, found = self.w, gain["mAP"]
        what = f"{w('ledger.over.' + name)}: {gain['over']['name']}"
        if not found:
            return [what, NONE, NONE, w("ledger.notCompared"), NONE, NONE]
        return [
            self.link(what, f"/comparisons/{gain['comparison']}"),
            w.points(found["a"]),
            w.points(found["b"]),
            w.signed(found["value"]),
            w.signed_interval(found),
            word(w, found["verdict"]) if is_known(found) else NONE,
        ]

    def times(self) -> Part:
        w, time = self.w, self.ledger["time"]
        rows = [self.time_row(w("ledger.stage." + one["stage"]), one) for one in time["stages"]]
        head = [w("ledger.stage.what"), w("ledger.wall"), w("ledger.machine"), w("ledger.people")]
        listed = table(head, [*rows, self.time_row(w("ledger.stage.all"), time)], class_="numbers")
        return report_part("time", w("ledger.time"), self.bar(time), listed, note=w("ledger.timeNote"))

    def time_row(self, name: str, one: Json) -> Sequence[Child]:
        """Nothing was done in no time: a dash."""
        return [name, *(self.span(one[f"{kind}_seconds"] or None) for kind in ("wall", "machine", "human"))]

    def bar(self, time: Json) -> Markup | None:
        """Machine and people side by side, as parts of their sum."""
        total = time["machine_seconds"] + time["human_seconds"]
        if not total:
            return None
        width, height = BAR
        machine = width * time["machine_seconds"] / total
        return tag(
            "svg",
            tag("title", self.w("ledger.bar")),
            tag("rect", x=0.0, y=0.0, width=machine, height=height, fill="#8f8f8b"),
            tag("rect", x=machine, y=0.0, width=width - machine, height=height, fill="#d9b413"),
            viewBox=f"0 0 {width:g} {height:g}", width=width, height=height, class_="chart", role="img",
        )  # fmt: skip

    def weakness(self) -> Part | None:
        w, found = self.w, self.ledger["weakness"]
        if not found:
            return None
        number = found["evaluation"]["id"]
        rows: list[Sequence[Child]] = [
            [w("ledger.weak.class", name=one["name"], n=w.count(one["boxes"])), w.points(one["AP"]["value"]),
             w.interval(one["AP"])]
            for one in found["weakest"]
        ]  # fmt: skip
        for one in found["costs"] or []:
            named = w("ledger.weak.error", name=w("errors.type." + one["error"]), n=w.count(one["count"]))
            rows.append([named, w.signed(one["delta_ap"]), NONE])
        for one in found["confused"]:
            said = w("ledger.weak.confused", labelled=one["labelled"], predicted=one["predicted"])
            rows.append([said, w.count(one["boxes"]), NONE])
        smallest = found["smallest_shown"]
        return report_part(
            "weakness", w("ledger.weakness"),
            tag("p", self.link(found["evaluation"]["name"], f"/evaluations/{number}")),
            table([w("ledger.weak.what"), w("ledger.weak.figure"), w("ledger.over.interval")], rows, class_="numbers"),
            tag("p", w("ledger.smallest", points=w.points(smallest))) if smallest is not None else None,
        )  # fmt: skip

    def search(self) -> Part | None:
        w, dataset = self.w, self.ledger["dataset"]["id"]
        rows = [
            [
                self.link(w("ledger.search." + one["kind"]), f"/curate/{dataset}/auto/{one['id']}"),
                one["source"] or NONE,
                ", ".join(f"{made['name']} ({w.count(made['image_count'])})" for made in one["slices"]) or NONE,
                w.count(one["suggestions"]) if one["suggestions"] else NONE,
                self.verdicts(one),
                w.points(one["precision"]["value"]),
                w.interval(one["precision"]),
            ]
            for one in self.ledger["searches"]
        ]
        columns = ("what", "in", "slices", "suggestions", "verdicts", "right", "interval")
        head = [w("ledger.search." + name) for name in columns]
        return report_part("searches", w("ledger.searches"), table(head, rows)) if rows else None

    def verdicts(self, one: Json) -> str:
        """The verdicts given, by their words."""
        given = {name: n for name, n in one["verdicts"].items() if n and name != "pending"}
        return ", ".join(self.w(f"ledger.verdict.{name}", n=self.w.count(n)) for name, n in given.items()) or NONE

    def labels(self) -> Part | None:
        w, dataset = self.w, self.ledger["dataset"]["id"]
        batches = [
            [self.link(one["name"], f"/batches/{one['id']}"), w.count(one["images"]), w.count(one["done"]),
             self.people(one["people"]), self.span(one["seconds"])]
            for one in self.ledger["batches"]
        ]  # fmt: skip
        revisions = [
            [self.link(f"r{one['number']}", f"/datasets/{dataset}/revisions/{one['number']}"), one["message"] or NONE,
             (one["author"] or {}).get("name", NONE), *(w.count(one["counts"][kind]) for kind in KINDS)]
            for one in self.ledger["revisions"]
        ]  # fmt: skip
        totals = [
            [w("ledger.in." + where), w.count(one["labels"]), w.count(one["images"]),
             *(w.count(one[kind]) for kind in KINDS)]
            for where, one in self.ledger["labels"].items()
        ]  # fmt: skip
        kinds = [w("ledger.change." + kind) for kind in KINDS]
        said = [w("ledger.batch." + name) for name in ("what", "images", "done", "people", "time")]
        written = [w("ledger.revision"), w("ledger.message"), w("ledger.author"), *kinds]
        net = [w("ledger.where"), w("ledger.change.labels"), w("facts.images"), *kinds]
        shown: list[Child] = [
            [tag("h3", w("ledger.batches")), table(said, batches)] if batches else None,
            [tag("h3", w("ledger.revisions")), table(written, revisions)] if revisions else None,
            tag("h3", w("ledger.net")),
            table(net, totals, class_="numbers"),
        ]
        return report_part("labels", w("ledger.labels"), *shown, note=w("ledger.netNote"))

    def people(self, found: Sequence[Json]) -> str:
        return (
            ", ".join(f"{one['person']['name'] if one['person'] else NONE} ({one['tasks']})" for one in found) or NONE
        )

    def data(self) -> Part:
        w, dataset = self.w, self.ledger["dataset"]["id"]
        rows = [
            [self.link(one["name"], f"/datasets/{dataset}/slices/{one['id']}"), w("ledger.role." + one["role"]),
             w.count(one["images"]), one["q"] or w("ledger.origins." + one["origin"])]
            for one in self.ledger["slices"]
        ]  # fmt: skip
        head = [w("ledger.slice"), w("ledger.role.what"), w("facts.images"), w("ledger.origin")]
        return report_part("slices", w("ledger.slices"), table(head, rows))

    def runs(self) -> Part:
        w = self.w
        rows = [self.run_row(one) for one in self.ledger["runs"]]
        head = [w("ledger.run." + name) for name in ("what", "role", "data", "seed", "map", "interval", "time")]
        return report_part("runs", w("ledger.runs"), table(head, rows))

    def run_row(self, one: Json) -> Sequence[Child]:
        w, figures = self.w, one["figures"]
        score = figures["AP"] if figures else None
        return [
            self.link(one["name"], f"/runs/{one['id']}"),
            w("ledger.run." + one["role"]),
            w("ledger.run.images", n=w.count(one["images"]), revision=one["revision"]),
            one["seed"],
            self.link(w.points(score["value"]), f"/evaluations/{figures['evaluation']}") if score else NONE,
            w.interval(score),
            self.span(one["seconds"]),
        ]

    def again(self) -> Part:
        w, run = self.w, self.ledger["run"]["id"]
        address = f"{self.home}/api/v1/runs/{run}/ledger"
        return report_part(
            "replay", w("ledger.again"), tag("p", w("ledger.againWhat")),
            tag("pre", f"./halfday replay ledger-{run}.json"),
            tag("p", w("ledger.file"), " ", tag("a", f"{address}/file", href=f"{address}/file")),
        )  # fmt: skip


KINDS = ("relabelled", "moved", "added", "removed")
