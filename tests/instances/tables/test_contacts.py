"""Personal particulars leave the table before anything else is read from it."""

import pytest

from instances.tables.contacts import masked, split_contacts

ROWS = [
    {"编号": "S1", "名称": "一号站", "联系人": "张三", "联系电话（手机）": 13800000001, "人数": 12},
    {"编号": "S2", "名称": "二号站", "联系人": None, "联系电话（手机）": "", "人数": 30},
    {
        "编号": "S3",
        "名称": "三号站",
        "联系人": "李四",
        "联系电话（手机）": "138 0000 0003",
        "人数": 7,
    },
]


def test_names_and_telephones_of_persons_are_split_off() -> None:
    found = split_contacts(ROWS, key="编号")
    assert found.columns == ("联系人", "联系电话（手机）")
    assert [list(row) for row in found.rows] == [["编号", "名称", "人数"]] * 3
    assert [(one["row"], one["编号"], one["联系人"]) for one in found.contacts] == [
        (0, "S1", "张三"),
        (2, "S3", "李四"),
    ]


def test_a_column_of_identity_numbers_is_found_by_its_cells() -> None:
    rows = [{"name": "A", "备注": f"44030719900101{n:03d}X", "population": 13800} for n in range(4)]
    found = split_contacts(rows)
    assert found.columns == ("备注",)
    assert "44030719900101" not in str(found.rows)


def test_codes_of_eighteen_digits_that_hold_no_date_are_no_identity_cards() -> None:
    rows = [{"编号": f"440310001001000{n:03d}"} for n in range(4)]
    assert split_contacts(rows).columns == ()


def test_headings_in_english_are_known_and_names_of_places_stay() -> None:
    rows = [{"Site name": "Hill", "Contact person": "Ann", "Phone_number": "1", "E-mail": "a@b.c"}]
    found = split_contacts(rows)
    assert found.columns == ("Contact person", "Phone_number", "E-mail")
    assert found.rows == ({"Site name": "Hill"},)


def test_a_table_without_contacts_stays_as_it_is() -> None:
    rows = [{"name": "A", "residents": 100.0}]
    found = split_contacts(rows)
    assert (found.rows, found.contacts, found.columns) == (tuple(rows), (), ())


def test_a_heading_in_both_languages_is_known_by_each_of_its_words() -> None:
    rows = [{"名称 name": "Hill", "联系人 contact": "Ann", "值班 tel": "1", "Leader/姓名": "Bo"}]
    assert split_contacts(rows).rows == ({"名称 name": "Hill"},)


@pytest.mark.parametrize("heading", ["站长电话", "值班手机号", "Station_phone", "法定代表人"])
def test_telephones_are_known_by_how_their_headings_end(heading: str) -> None:
    assert split_contacts([{"name": "A", heading: "8888"}]).rows == ({"name": "A"},)


@pytest.mark.parametrize(
    "text", ["13800000001", "+86 138 0000 0001", "打138-0000-0001", "44030719900101123X", "a@b.cn"]
)
def test_what_is_personal_in_a_text_is_masked(text: str) -> None:
    assert not any(sign.isdigit() or sign == "@" for sign in masked(text))


@pytest.mark.parametrize(
    "text",
    [
        "12,000",
        "114.3512345678901",
        "22.13812345678",
        "440310001001000123",
        "2.7万",
        "440310001001",
        "p13",
    ],
)
def test_figures_are_not_masked(text: str) -> None:
    assert masked(text) == text
