"""Field types of texts, choices, files and rows as marshmallow fields; amounts and dates have modules of their own.

None of them demands a value: whether one is required depends on what is shown, which ``forms.submission`` decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from forms import identifiers
from forms.amounts import MoneyField, NumberField
from forms.dates import DateField, DateTimeField
from forms.definition import NESTING, Field, Kind, keyed
from forms.errors import N_, FieldError

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,100}", re.ASCII)
_YES = frozenset({"true", "yes", "是"})
_NO = frozenset({"false", "no", "否"})


class TextField(fields.Field[Any]):
    """Text without spaces around it; several lines when ``lines``. Control characters are refused."""

    def __init__(self, field: Field, lines: bool) -> None:
        super().__init__(allow_none=True)
        self.field = field
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = read_text(value, self.lines)
        if self.field.max_length is not None and len(text) > self.field.max_length:
            raise ValidationError(
                [FieldError(N_("At most %(limit)s characters."), {"limit": self.field.max_length})]
            )
        if self.field.min_length is not None and len(text) < self.field.min_length:
            raise ValidationError(
                [FieldError(N_("At least %(limit)s characters."), {"limit": self.field.min_length})]
            )
        pattern = self.field.text_pattern
        if pattern is not None and not pattern.regex.search(text):
            if pattern.message_en:
                raise ValidationError([FieldError(pattern.message_en, chinese=pattern.message)])
            raise ValidationError([FieldError(N_("This does not have the form that is asked for."))])
        return text


def read_text(value: Any, lines: bool) -> str:
    """Trimmed text from a text or a number as YAML reads it; raises ValidationError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30:
        value = str(value)
    if not isinstance(value, str):
        raise ValidationError([FieldError(N_("Enter a text."))])
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cs") and not (lines and sign in "\n\t"):
            raise ValidationError([FieldError(N_("The text holds a character that can't be kept."))])
    return text


class NumberedField(fields.Field[Any]):
    """A number that identifies something: ``read`` gives its plain form, or None when it can't be one."""

    def __init__(self, read: Callable[[str], str | None], message: str) -> None:
        super().__init__(allow_none=True)
        self.read = read
        self.message = message

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = self.read(read_text(value, lines=False))
        if number is None:
            raise ValidationError([FieldError(self.message)])
        return number


class ChoiceField(fields.Field[Any]):
    """One of the choices. Those that are known only at run time are compared later: ``forms.submission``."""

    def __init__(self, field: Field) -> None:
        super().__init__(allow_none=True)
        self.values = None if field.options_key else [option.value for option in field.choices]

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return self.one(value)

    def one(self, value: Any) -> str:
        """The chosen value, which must be among the choices; raises ValidationError."""
        chosen = read_text(value, lines=False) if type(value) in (str, int) else None
        if chosen is None or len(chosen) > 200 or (self.values is not None and chosen not in self.values):
            raise ValidationError([FieldError(N_("Choose one of the options."))])
        return chosen


class ChoicesField(ChoiceField):
    """Several of the choices, each once, in the order in which they are offered."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.field = field

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise ValidationError([FieldError(N_("Choose from the options."))])
        if len(value) > 1000:
            raise ValidationError([FieldError(N_("Choose at most %(limit)s."), {"limit": 1000})])
        chosen = dict.fromkeys(self.one(each) for each in value)
        most, least = self.field.max_items, self.field.min_items
        if most is not None and len(chosen) > most:
            raise ValidationError([FieldError(N_("Choose at most %(limit)s."), {"limit": most})])
        if least is not None and 0 < len(chosen) < least:
            raise ValidationError([FieldError(N_("Choose at least %(limit)s."), {"limit": least})])
        return list(chosen) if self.values is None else [each for each in self.values if each in chosen]


class YesNoField(fields.Field[Any]):
    """True or False; ``only_yes`` for a confirmation, where False is the same as no answer."""

    def __init__(self, only_yes: bool = False) -> None:
        super().__init__(allow_none=True)
        self.only_yes = only_yes

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = value.strip().lower() if isinstance(value, str) else None
        if value is True or text in _YES:
            return True
        if value is False or text in _NO:
            return None if self.only_yes else False
        raise ValidationError([FieldError(N_("Answer yes or no."))])


class FileField(fields.Field[Any]):
    """A reference to a kept file, or a list of them: SHA-256, name, size in bytes, media type."""

    def __init__(self, field: Field) -> None:
        super().__init__(allow_none=True)
        self.field = field

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not self.field.multiple:
            if isinstance(value, Sequence) and not isinstance(value, str | bytes) and len(value) == 1:
                value = value[0]
            return self.one(value)
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            raise ValidationError([FieldError(N_("Choose a file."))])
        most = self.field.max_items
        if most is not None and len(value) > most:
            raise ValidationError([FieldError(N_("At most %(limit)s files."), {"limit": most})])
        kept = {each["sha256"]: each for each in (self.one(each) for each in value)}
        return list(kept.values())

    def one(self, value: Any) -> dict[str, Any]:
        """One reference with exactly its four entries; raises ValidationError."""
        if not isinstance(value, Mapping) or set(value) != {"sha256", "name", "size", "media_type"}:
            raise ValidationError([FieldError(N_("Choose a file."))])
        sha256, name, size, media_type = value["sha256"], value["name"], value["size"], value["media_type"]
        if not isinstance(name, str) or not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise ValidationError([FieldError(N_("Choose a file."))])
        name = read_text(name, lines=False)[-200:]
        if self.field.max_bytes is not None and size > self.field.max_bytes:
            limit = self.field.max_bytes // 1024**2
            raise ValidationError(
                [FieldError(N_("%(name)s is larger than %(limit)s MB."), {"name": name, "limit": limit})]
            )
        if not isinstance(media_type, str) or not _MEDIA_TYPE.fullmatch(media_type.lower()):
            media_type = "application/octet-stream"
        if not accepted(self.field.accept, name, media_type.lower()):
            kinds = ", ".join(self.field.accept)
            raise ValidationError(
                [
                    FieldError(
                        N_("%(name)s is not of a kind that is accepted (%(kinds)s)."),
                        {"name": name, "kinds": kinds},
                    )
                ]
            )
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256) or not name:
            raise ValidationError([FieldError(N_("Choose a file."))])
        return {"sha256": sha256, "name": name, "size": size, "media_type": media_type.lower()}


def accepted(accept: Sequence[str], name: str, media_type: str) -> bool:
    """Whether a file's name or media type is among ``accept`` (extensions, media types, ``image/*``); all when empty."""
    if not accept:
        return True
    for rule in accept:
        if rule.startswith("."):
            if name.lower().endswith(rule):
                return True
        elif media_type == rule or (rule.endswith("/*") and media_type.startswith(rule[:-1])):
            return True
    return False


class FormSchema(Schema):
    """One level of a form's values. Unknown keys are refused."""

    error_messages = {
        "unknown": N_("The form has no such field."),
        "type": N_("Enter the parts of this field."),
    }

    class Meta:
        unknown = RAISE


class RowsField(fields.List[Any]):
    """The rows of a table. Their number is checked before any of them is read."""

    default_error_messages = {"invalid": N_("Enter the rows of this table.")}

    def __init__(self, field: Field, row: fields.Field[Any]) -> None:
        super().__init__(row, allow_none=True)
        self.most = field.max_items

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, Sequence) and self.most is not None and len(value) > self.most:
            raise ValidationError([FieldError(N_("At most %(limit)s rows."), {"limit": self.most})])
        return super()._deserialize(value, attr, data, **kwargs)


def schema_for(level: Sequence[Field]) -> type[Schema]:
    """The marshmallow schema class of one level of a form: its fields, looking through fieldsets."""
    return FormSchema.from_dict({found.key: field_for(found) for found in keyed(level)}, name="Form")


def field_for(field: Field) -> fields.Field[Any]:
    """The marshmallow field that reads one field of a form."""
    match field.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return TextField(field, lines=field.kind is Kind.LONG_TEXT)
        case Kind.NUMBER:
            return NumberField(field.places, field.minimum, field.maximum)
        case Kind.MONEY:
            return MoneyField(field.minimum, field.maximum)
        case Kind.DATE:
            return DateField()
        case Kind.DATETIME:
            return DateTimeField()
        case Kind.CHOICE:
            return ChoiceField(field)
        case Kind.CHOICES:
            return ChoicesField(field)
        case Kind.YES_NO | Kind.CONFIRMATION:
            return YesNoField(only_yes=field.kind is Kind.CONFIRMATION)
        case Kind.RESIDENT_ID:
            return NumberedField(identifiers.resident_id, N_("This is not a valid resident identity number."))
        case Kind.USCC:
            return NumberedField(identifiers.uscc_code, N_("This is not a valid unified social credit code."))
        case Kind.PHONE:
            return NumberedField(
                identifiers.phone, N_("Enter a mobile number, or a landline with its area code.")
            )
        case Kind.IDENTIFIER:
            return TextField(field, lines=False)
        case Kind.FILE:
            return FileField(field)
        case Kind.TABLE:
            return RowsField(field, fields.Nested(schema_for(field.children)))
    if field.kind in NESTING:
        return fields.Nested(schema_for(field.children), allow_none=True)
    raise AssertionError(f"{field.kind} holds no value")
