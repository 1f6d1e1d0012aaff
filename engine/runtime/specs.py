"""Task specifications of ours in place of SpiffWorkflow's, where its own would run Python or read the clock.

Everything that works round the library lives in this file and in :mod:`engine.runtime.parser`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.util import PendingBpmnEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task

from engine.runtime.expressions import compile_expression

FIRED = "event_fired"


class ScriptRefused(WorkflowException):  # type: ignore[misc]
    """A diagram asked for a script to be run. None ever is."""


class OperationTask(ServiceTask):  # type: ignore[misc]
    """A service task: the step that runs it calls the operation that the element names."""

    def _execute(self, task: Task) -> bool:
        task.workflow.top_workflow.step.run_operation(task)
        return True


class DecisionTask(ServiceTask):  # type: ignore[misc]
    """A business rule task: the step decides by the decision table that the element names."""

    def _execute(self, task: Task) -> bool:
        task.workflow.top_workflow.step.run_decision(task)
        return True


class RowTimer(TimerEventDefinition):  # type: ignore[misc]
    """A timer that never looks at a clock: it has fired when the step that delivers its row says so."""

    def __init__(self, name: str, rule: str | None, duration: str | None, **kwargs: Any) -> None:
        super().__init__(name, duration, **kwargs)
        self.rule = rule

    def has_fired(self, my_task: Task) -> bool:
        return bool(my_task._get_internal_data(FIRED, False))

    def details(self, my_task: Task) -> PendingBpmnEvent:
        return PendingBpmnEvent(self.name, type(self).__name__, self.expression)


class VariableItems(TaskDataReference):  # type: ignore[misc]
    """The collection that a multi-instance activity goes over: a variable of the case, by its path."""

    def get(self, my_task: Task) -> Iterable[Any]:
        found = look_up(my_task.workflow.top_workflow.step.variables, self.bpmn_id)
        # Keys keep order, drop repeats, and aren't a sequence: so the library keeps the item itself
        # with each instance, not its index into a list that may change.
        return dict.fromkeys(found or ()).keys()

    def exists(self, my_task: Task) -> bool:
        return True


class SafeEngine(PythonScriptEngine):  # type: ignore[misc]
    """Evaluates S-FEEL against the variables of the case; runs nothing."""

    def validate(self, expression: str) -> None:
        compile_expression(expression)

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        context = task.workflow.top_workflow.step.expression_context()
        context.update(_instance_counts(task))
        return compile_expression(expression).evaluate(context) is True

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        raise ScriptRefused(f"{task.task_spec.name}: scripts are never run")

    def call_service(self, task: Task, **kwargs: Any) -> Any:
        raise ScriptRefused(f"{task.task_spec.name}: services are called by operations only")


def look_up(variables: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path of nested mappings, or None."""
    value: Any = variables
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _instance_counts(task: Task) -> dict[str, int]:
    """How many instances a completion condition counts (BPMN 2.0.2, table 10.31)."""
    parent = task.parent
    if parent is None or "merged" not in parent.internal_data:
        return {}
    instances = [child for child in parent.children if child.task_spec.name == parent.task_spec.task_spec]
    return {
        "numberOfInstances": len(instances),
        "numberOfCompletedInstances": len(parent.internal_data["merged"]),
    }
