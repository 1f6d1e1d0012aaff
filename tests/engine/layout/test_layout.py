from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import DefinitionRefused
from engine.layout import lay_out
from engine.runtime.xml import XmlRefused
from tests.engine.layout.drawn import expect_a_clean_picture, expect_everything_drawn, look_at, meaning

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="t">'


def file(process: str, *, lanes: str = "", pool: bool = False) -> bytes:
    """A BPMN file with one process."""
    around = (
        '<collaboration id="c"><participant id="pool" name="池" processRef="p"/></collaboration>'
        if pool
        else ""
    )
    return f'{HEAD}{around}<process id="p">{lanes}{process}</process></definitions>'.encode()


def flows(*ends: str, name: str = "") -> str:
    """Sequence flows from texts such as ``a>b``."""
    found = []
    for number, text in enumerate(ends):
        source, target = text.split(">")
        found.append(
            f'<sequenceFlow id="flow_{source}_{target}_{number}" name="{name}" sourceRef="{source}" '
            f'targetRef="{target}"/>'
        )
    return "".join(found)


def drawn(content: bytes):
    return look_at(lay_out(content, "test.bpmn"))


def test_a_chain_runs_straight_from_left_to_right() -> None:
    picture = drawn(
        file(
            '<startEvent id="a"/><task id="b"/><task id="c"/><endEvent id="e"/>' + flows("a>b", "b>c", "c>e")
        )
    )
    expect_a_clean_picture(picture)
    assert [len(way) for way in picture.edges.values()] == [2, 2, 2]
    assert len({picture.shapes[id].cy for id in "abce"}) == 1
    assert [*sorted("abce", key=lambda id: picture.shapes[id].x)] == [*"abce"]


def test_the_first_exit_of_a_gateway_goes_straight_on() -> None:
    nodes = '<startEvent id="s"/><exclusiveGateway id="g"/><task id="t"/><task id="u"/>'
    first_t = drawn(file(nodes + flows("s>g", "g>t", "g>u")))
    first_u = drawn(file(nodes + flows("s>g", "g>u", "g>t")))
    assert first_t.shapes["t"].cy == first_t.shapes["g"].cy != first_t.shapes["u"].cy
    assert first_u.shapes["u"].cy == first_u.shapes["g"].cy != first_u.shapes["t"].cy


def test_a_way_back_passes_around_the_steps_between() -> None:
    picture = drawn(
        file(
            '<startEvent id="s"/><task id="a"/><task id="b"/><exclusiveGateway id="g" name="再来？"/>'
            '<endEvent id="e"/>' + flows("s>a", "a>b", "b>g", "g>e", "g>a")
        )
    )
    expect_a_clean_picture(picture)
    assert len(picture.edges["flow_g_a_4"]) == 4


def test_a_boundary_event_sits_below_its_step_and_its_handler_further_below() -> None:
    picture = drawn(
        file(
            '<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>'
            '<boundaryEvent id="late" name="逾期" attachedToRef="a"><timerEventDefinition/></boundaryEvent>'
            '<serviceTask id="tell"/>' + flows("s>a", "a>e", "late>tell")
        )
    )
    expect_a_clean_picture(picture)
    assert picture.shapes["late"].cy == picture.shapes["a"].bottom
    assert picture.shapes["tell"].y > picture.shapes["late"].bottom
    assert picture.shapes["tell"].x > picture.shapes["a"].x


def test_a_subprocess_is_drawn_around_what_it_holds() -> None:
    inner = '<startEvent id="i"/><task id="j"/><endEvent id="k"/>' + flows("i>j", "j>k")
    picture = drawn(
        file(
            f'<startEvent id="s"/><subProcess id="sub" name="内部">{inner}</subProcess><endEvent id="e"/>'
            '<boundaryEvent id="late" attachedToRef="sub" cancelActivity="false"/><task id="tell"/>'
            '<endEvent id="told"/>' + flows("s>sub", "sub>e", "late>tell", "tell>told"),
            pool=True,
        )
    )
    expect_a_clean_picture(picture)
    assert picture.shapes["s"].cy == picture.shapes["i"].cy == picture.shapes["e"].cy


def test_lanes_lie_below_each_other_and_fill_the_pool() -> None:
    lanes = (
        '<laneSet id="ls"><lane id="one"><flowNodeRef>s</flowNodeRef></lane>'
        '<lane id="two"><flowNodeRef>a</flowNodeRef></lane><lane id="none"/></laneSet>'
    )
    picture = drawn(file('<startEvent id="s"/><task id="a"/>' + flows("s>a"), lanes=lanes, pool=True))
    expect_a_clean_picture(picture)
    boxes = [picture.shapes[id] for id in ("one", "two", "none")]
    assert all(above.bottom == below.y for above, below in itertools.pairwise(boxes))
    assert boxes[0].y == picture.shapes["pool"].y and boxes[-1].bottom == picture.shapes["pool"].bottom


def test_ways_into_a_parallel_join_never_run_together() -> None:
    picture = drawn(
        file(
            '<startEvent id="s"/><parallelGateway id="f"/><task id="a"/><task id="b"/><task id="c"/>'
            '<parallelGateway id="j"/><endEvent id="e"/>'
            + flows("s>f", "f>a", "f>b", "f>c", "a>j", "b>j", "c>j", "j>e")
        )
    )
    entered = [picture.edges[id][-1] for id, (_, target) in picture.ends.items() if target == "j"]
    assert len(set(entered)) == 3


def test_unfinished_diagrams_are_drawn_too() -> None:
    picture = drawn(
        file(
            '<task id="a"/><task id="b"/><startEvent id="s"/><textAnnotation id="note"/>'
            '<dataObjectReference id="data" name="材料"/><association id="as" sourceRef="note" targetRef="a"/>'
            '<association id="on_flow" sourceRef="note" targetRef="flow_s_a_0"/>' + flows("s>a")
        )
    )
    expect_a_clean_picture(picture)


def test_a_process_without_anything_in_it_is_drawn() -> None:
    assert drawn(file("", pool=True)).shapes["pool"].w > 0


def test_an_old_picture_is_replaced_and_the_meaning_kept() -> None:
    content = file('<startEvent id="s"/><task id="a" name="甲"/>' + flows("s>a", name="好"), pool=True)
    once = lay_out(content, "test.bpmn")
    assert lay_out(once, "test.bpmn") == once
    assert once.count(b"BPMNDiagram ") == 1
    assert meaning(once) == meaning(content)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (f"{HEAD}</definitions>".encode(), "not of 0"),
        (f'{HEAD}<process id="p"/><process id="q"/></definitions>'.encode(), "not of 2"),
        (file('<task id="a"/>' + flows("a>nowhere")), "flow_a_nowhere_0"),
        (file("".join(f'<task id="t{number}"/>' for number in range(401))), "401 steps"),
        (file('<boundaryEvent id="late" attachedToRef="nothing"/>'), "late"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(content: bytes, word: str) -> None:
    with pytest.raises(DefinitionRefused, match=word):
        lay_out(content, "test.bpmn")


def test_a_dtd_is_refused() -> None:
    with pytest.raises(XmlRefused):
        lay_out(b'<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', "test.bpmn")


@st.composite
def processes(draw: st.DrawFn) -> bytes:
    """Any process: a few nodes of any kind in up to three lanes, flows between any of them."""
    count = draw(st.integers(1, 9))
    kinds = ["userTask", "exclusiveGateway", "parallelGateway", "endEvent", "startEvent", "callActivity"]
    tags = [draw(st.sampled_from(kinds)) for _ in range(count)]
    nodes = "".join(f'<{tag} id="n{number}" name="节点{number}"/>' for number, tag in enumerate(tags))
    if draw(st.booleans()):
        nodes += '<boundaryEvent id="edge" name="到期" attachedToRef="n0"/>' if "Task" in tags[0] else ""
    sources = [f"n{number}" for number in range(count)] + (["edge"] if "edge" in nodes else [])
    ends = draw(
        st.lists(
            st.tuples(st.sampled_from(sources), st.integers(0, count - 1)), max_size=2 * count, unique=True
        )
    )
    lane_count = draw(st.integers(0, 3))
    lanes = ""
    if lane_count:
        where = [draw(st.integers(0, lane_count - 1)) for _ in range(count)]
        lanes = '<laneSet id="ls">' + "".join(
            f'<lane id="lane{lane}">'
            + "".join(f"<flowNodeRef>n{n}</flowNodeRef>" for n in range(count) if where[n] == lane)
            + "</lane>"
            for lane in range(lane_count)
        )
        lanes += "</laneSet>"
    return file(nodes + flows(*(f"{a}>n{b}" for a, b in ends), name="出口"), lanes=lanes, pool=bool(lanes))


@settings(max_examples=60, deadline=None)
@given(processes())
def test_any_process_gets_a_picture_without_overlaps(content: bytes) -> None:
    picture = drawn(content)
    expect_everything_drawn(picture)
    for a, b in picture.siblings():
        assert not picture.shapes[a].overlaps(picture.shapes[b])
