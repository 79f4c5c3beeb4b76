"""Personal particulars split off a table, so that no request ever carries them.

A column is personal by its heading (联系人, 电话, phone, ID number) or because most of its cells
look like mobile numbers or identity-card numbers. What is split off can be printed beside a plan
for those who act on it; it goes into no request, no answer and no store.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from instances.tables.units import plain, read_header

_HEADINGS = frozenset(
    (
        *("联系人", "负责人", "责任人", "姓名", "联络人", "联系人姓名", "值班人", "站长", "队长"),
        *("电话", "联系电话", "手机", "手机号", "手机号码", "电话号码", "联系方式", "联络方式"),
        *("负责人电话", "联系人电话", "值班电话", "固定电话", "座机", "微信", "微信号", "邮箱"),
        *("身份证", "身份证号", "身份证号码", "证件号", "证件号码", "电子邮箱", "家庭住址"),
        *("contact", "contactname", "contactperson", "personname", "fullname", "firstname"),
        *("lastname", "surname", "personincharge", "responsibleperson", "manager"),
        *("phone", "phonenumber", "telephone", "telephonenumber", "tel", "mobile", "mobilenumber"),
        *("mobilephone", "cellphone", "cellnumber", "contactnumber", "contactphone", "email"),
        *("emailaddress", "wechat", "idnumber", "idcard", "idcardnumber", "nationalid"),
        *("passport", "passportnumber", "homeaddress"),
        *("户主", "业主", "房主", "法人", "法定代表人", "经办人", "填表人", "填报人"),
    )
)
# However they begin: 站长电话, 值班手机号, station_phone.
_ENDING = re.compile(r"(?:电话|手机|手机号|电话号码|手机号码|联系方式|身份证号码?|邮箱|phone)$")
# Mobile numbers, identity cards (GB 11643: six digits of a place, a date of birth, four more;
# other codes of eighteen digits have no date there), and addresses of e-mail.
_CARD = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_VALUE = re.compile(rf"^(?:(?:\+?86)?1[3-9]\d{{9}}|{_CARD}|[^@\s]+@[^@\s]+\.[a-z]{{2,}})$")
_WITHIN = re.compile(
    rf"(?<![\d.])(?:(?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{{4}}){{2}}|{_CARD})(?!\d)"
    r"|\S+@\S+\.\w{2,}"
)
_MOST = 0.5  # of the filled cells of a column


@dataclass(frozen=True)
class Split:
    """A table without its personal columns, and those columns with the numbers of their rows."""

    rows: tuple[Mapping[str, object], ...]
    contacts: tuple[Mapping[str, object], ...]
    columns: tuple[str, ...]


def split_contacts(rows: Sequence[Mapping[str, object]], *, key: str | None = None) -> Split:
    """Return the table without personal columns, and a table of contacts.

    The contacts keep ``row`` (counted from 0), and the column ``key`` where it is given, so that
    they can be laid beside a plan again. Rows without any contact are left out of them.

    Examples
    --------
    >>> found = split_contacts([{"名称": "一号站", "联系人": "张三", "手机": "13800000000"}])
    >>> found.rows, found.columns
    (({'名称': '一号站'},), ('联系人', '手机'))
    """
    headings = dict.fromkeys(name for row in rows for name in row)
    personal = tuple(name for name in headings if name != key and _is_personal(name, rows))
    kept = tuple({name: row[name] for name in row if name not in personal} for row in rows)
    contacts = []
    for number, row in enumerate(rows):
        told = {name: row[name] for name in personal if _filled(row.get(name))}
        if told:
            contacts.append({"row": number} | ({key: row.get(key)} if key else {}) | told)
    return Split(kept, tuple(contacts), personal)


def masked(text: str) -> str:
    """Return ``text`` with asterisks for every telephone, identity-card number and address in it.

    Examples
    --------
    >>> masked("张三 138-0000-0001"), masked("a@b.cn"), masked("12,000")
    ('张三 ***', '***', '12,000')
    """
    return _WITHIN.sub("***", text)


def _is_personal(name: str, rows: Sequence[Mapping[str, object]]) -> bool:
    said = plain(read_header(name).name).casefold()
    words = [re.sub(r"[\s_\-.()]", "", one) for one in (said, *re.split(r"[\s/|]+", said))]
    if any(one in _HEADINGS or _ENDING.search(one) for one in words):
        return True
    cells = [_text(row[name]) for row in rows if _filled(row.get(name))]
    return bool(cells) and sum(bool(_VALUE.match(cell)) for cell in cells) > _MOST * len(cells)


def _filled(cell: object) -> bool:
    return cell is not None and str(cell).strip() != ""


def _text(cell: object) -> str:
    """Return a cell as the digits it shows: spreadsheets hold telephone numbers as numbers."""
    shown = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return re.sub(r"[\s-]", "", plain(shown))
