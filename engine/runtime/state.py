"""An instance's state without its specification: what is stored at each step, and read at the next.

The specification is in memory, once per process and release; finished call activities and subprocesses
are left out (their history is in our own tables). So a step's cost doesn't grow with the case's age.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.runtime.parser import Processes
from engine.runtime.specs import SafeEngine

FORMAT = 1
_registry = BpmnWorkflowSerializer.configure()


def start(processes: Processes, process_key: str) -> BpmnWorkflow:
    """A new workflow of that process; nothing of it has run yet."""
    return BpmnWorkflow(processes.specs[process_key], processes.specs, script_engine=SafeEngine())


def workflows(workflow: BpmnWorkflow) -> Iterator[Any]:
    """The workflow and its live subprocesses."""
    yield workflow
    yield from workflow.subprocesses.values()


def prune(workflow: BpmnWorkflow) -> None:
    """Takes finished subprocesses out of the live state."""
    for task_id in list(workflow.subprocesses):
        task = _find(workflow, task_id)
        if task is None or task.has_state(TaskState.FINISHED_MASK):
            workflow.subprocesses.pop(task_id, None)


def _find(workflow: BpmnWorkflow, task_id: UUID) -> Task | None:
    for each in workflows(workflow):
        if task_id in each.tasks:
            return each.tasks[task_id]
    return None


def dump(workflow: BpmnWorkflow) -> bytes:
    """The live state as compressed JSON."""
    state = {
        "format": FORMAT,
        "top": _dump_one(workflow),
        "events": _registry.convert(workflow.bpmn_events),
        "subprocesses": {
            str(task_id): {"spec": sub.spec.name, **_dump_one(sub)}
            for task_id, sub in workflow.subprocesses.items()
        },
    }
    return zlib.compress(json.dumps(state, separators=(",", ":")).encode(), level=1)


def load(blob: bytes, processes: Processes, process_key: str) -> BpmnWorkflow:
    """The workflow that :func:`dump` wrote, on the specifications of its release."""
    state = json.loads(zlib.decompress(blob))
    workflow = BpmnWorkflow(
        processes.specs[process_key], processes.specs, script_engine=SafeEngine(), deserializing=True
    )
    _load_one(workflow, state["top"])
    workflow.bpmn_events = _registry.restore(state["events"])
    _load_subprocesses(workflow, workflow, state["subprocesses"])
    return workflow


def _dump_one(workflow: Any) -> dict[str, Any]:
    return {
        "root": str(workflow.task_tree.id),
        "last": str(workflow.last_task.id) if workflow.last_task is not None else None,
        "success": workflow.success,
        "completed": workflow.completed,
        "correlations": workflow.correlations,
        "tasks": [
            [
                str(task.id),
                str(task._parent) if task._parent is not None else None,
                [str(child) for child in task._children],
                task.state,
                task.task_spec.name,
                task.triggered,
                task.last_state_change,
                _registry.convert(task.internal_data) if task.internal_data else None,
                task.thread_id,
            ]
            for task in workflow.tasks.values()
        ],
    }


def _load_one(workflow: Any, state: dict[str, Any]) -> None:
    top = workflow.top_workflow
    for task_id, parent, children, task_state, spec_name, triggered, changed, internal, thread in state[
        "tasks"
    ]:
        spec = workflow.spec.task_specs[spec_name]
        task = Task(workflow, spec, state=task_state, id=UUID(task_id))
        task._parent = UUID(parent) if parent else None
        task._children = [UUID(child) for child in children]
        task.triggered = triggered
        task.last_state_change = changed
        task.thread_id = thread
        if internal:
            task.internal_data = _registry.restore(internal)
        workflow.tasks[task.id] = task
        if isinstance(spec, CatchingEvent) and task.has_state(TaskState.WAITING):
            top.event_manager.add_task(task)
    workflow.task_tree = workflow.tasks[UUID(state["root"])]
    workflow.last_task = workflow.tasks.get(UUID(state["last"])) if state["last"] else None
    workflow.success = state["success"]
    workflow.completed = state["completed"]
    workflow.correlations = state["correlations"]


def _load_subprocesses(top: BpmnWorkflow, workflow: Any, states: dict[str, Any]) -> None:
    for task in list(workflow.tasks.values()):
        state = states.get(str(task.id))
        if state is None or not isinstance(task.task_spec, SubWorkflowTask):
            continue
        sub = BpmnSubWorkflow(top.subprocess_specs[state["spec"]], task.id, top, deserializing=True)
        top.subprocesses[task.id] = sub
        _load_one(sub, state)
        sub.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        _load_subprocesses(top, sub, states)
