"""The statements of the monitoring checklist: programme → area → what is looked at.

Four statements an area; corrections.md §3 has the Korean, the English is ours.
"""
# ruff: noqa: E501 - whole sentences

from __future__ import annotations

from typing import Final, TypeAlias

from making import Row, Text, choice, choices

#: The name of an area and its four statements.
Area: TypeAlias = tuple[str, Text, tuple[Text, Text, Text, Text]]

PROGRAMMES: Final = (
    ("care", "다함께돌봄센터", "After-school care centre"),
    ("re100", "자원순환가게", "Recycling shop re100"),
    ("tool", "복지용구", "Assistive device sharing"),
)

AREAS: Final[dict[str, tuple[Area, ...]]] = {
    "care": (
        (
            "care_safety",
            ("안전", "Safety"),
            (
                ("출입문을 잠그고 드나드는 사람을 확인한다", "The entrance is locked and visitors are checked"),
                ("소화기·비상구가 잘 보이고 막혀 있지 않다", "Extinguishers and emergency exits are visible and clear"),
                ("모서리·콘센트·창문에 안전 조치가 되어 있다", "Corners, sockets and windows are made safe"),
                ("최근 6개월 안에 대피 훈련을 한 기록이 있다", "An evacuation drill of the last six months is on record"),
            ),
        ),
        (
            "care_meals",
            ("급식", "Meals"),
            (
                ("식단표를 붙여 두고 그대로 준다", "The menu is posted and followed"),
                ("식재료 보관과 소비기한이 관리된다", "Storage and use-by dates of food are managed"),
                ("못 먹는 음식을 아동별로 확인한다", "Foods a child cannot eat are known for each child"),
                ("조리·배식·식사 자리가 깨끗하다", "The places of cooking, serving and eating are clean"),
            ),
        ),
        (
            "care_programme",
            ("프로그램 운영", "Activities"),
            (
                ("주간 계획표가 있고 오늘 활동과 같다", "There is a weekly plan and today follows it"),
                ("나이에 맞는 활동을 고를 수 있다", "Activities suit the age and can be chosen"),
                ("쉬거나 노는 시간과 자리가 있다", "There is time and room to rest and play"),
                ("보호자에게 활동을 알린다", "Guardians are told of the activities"),
            ),
        ),
        (
            "care_community",
            ("지역사회협력", "Work with the community"),
            (
                ("학교·복지관 등과 함께한 활동이 올해 있다", "There was an activity with schools or welfare centres this year"),
                ("자원봉사·후원 기록이 있다", "Volunteering and donations are on record"),
                ("도움이 필요한 아동을 다른 기관에 잇는 절차가 있다", "There is a procedure to refer a child who needs help"),
                ("이용자·주민 의견을 듣는 자리가 있다", "Users and residents are asked for their opinion"),
            ),
        ),
        (
            "care_publicity",
            ("홍보", "Publicity"),
            (
                ("밖에서 위치와 이용시간을 알 수 있다", "Place and hours can be seen from outside"),
                ("신청 방법·이용료 안내가 쉽다", "How to apply and what it costs is easy to understand"),
                ("누리집·소식지가 최신이다", "Web page and newsletter are up to date"),
                ("정원·대기를 물으면 알려 준다", "Places and waiting list are told on request"),
            ),
        ),
    ),
    "re100": (
        (
            "re100_access",
            ("접근·편의", "Access and convenience"),
            (
                ("걸어서 찾기 쉽고 안내판이 있다", "It is easy to find on foot and has a sign"),
                ("여는 요일·시간이 안내와 같다", "It opens on the days and hours announced"),
                ("노약자도 내려놓고 기다리기 쉽다", "Old and frail people can easily unload and wait"),
                ("기다리는 시간이 길지 않다", "The wait is not long"),
            ),
        ),
        (
            "re100_running",
            ("운영·관리", "Running"),
            (
                ("단가표가 붙어 있고 지금 단가와 같다", "The price list is posted and up to date"),
                ("저울과 기록이 맞다", "Scales and records agree"),
                ("보관 자리가 깨끗하고 안전하다", "The place of storage is clean and safe"),
                ("보상금 지급을 설명해 준다", "How the reward is paid is explained"),
            ),
        ),
        (
            "re100_publicity",
            ("홍보", "Publicity"),
            (
                ("받는 품목과 씻는 법을 쉽게 알린다", "What is taken and how to wash it is told simply"),
                ("주변 주민이 알 수 있다", "Neighbours can learn of it"),
                ("모은 자원의 쓰임을 알린다", "What becomes of the material is told"),
                ("처음 온 사람도 이용법을 안다", "A first visitor understands how it works"),
            ),
        ),
    ),
    "tool": (
        (
            "tool_access",
            ("접근·편의", "Access and convenience"),
            (
                ("찾아오거나 배송받기 쉽다", "It is easy to come or to have things delivered"),
                ("상담 시간이 안내와 같다", "Consulting hours are as announced"),
                ("신청 서류가 간단하다", "The papers to apply are simple"),
                ("몸이 불편한 사람도 고르기 쉽다", "People with disabilities can choose easily"),
            ),
        ),
        (
            "tool_running",
            ("운영·관리", "Running"),
            (
                ("대여 장부와 실물이 맞다", "The loan book agrees with what is there"),
                ("소독·수리 기록이 있다", "Disinfection and repairs are on record"),
                ("연체를 알리는 절차가 있다", "There is a procedure to tell of late returns"),
                ("사용법을 설명한다", "How to use the device is explained"),
            ),
        ),
        (
            "tool_donation",
            ("기증", "Donations"),
            (
                ("기증 방법을 알린다", "How to donate is told"),
                ("받을 때 상태를 확인한다", "The condition is checked on receipt"),
                ("기증품 이력이 남는다", "The history of a donated device is kept"),
                ("기증자에게 결과를 알린다", "The donor is told what became of it"),
            ),
        ),
        (
            "tool_publicity",
            ("홍보전략", "Publicity"),
            (
                ("대상별 알림이 있다", "Each group is told in its own way"),
                ("병원·복지관과 안내가 이어진다", "Hospitals and welfare centres pass the word on"),
                ("자료가 최신이다", "The material is up to date"),
                ("이용 실적을 알린다", "How much it is used is told"),
            ),
        ),
    ),
}  # fmt: skip


def programme_choices() -> tuple[Row, ...]:
    """The three programmes."""
    return choices(*PROGRAMMES)


def area_choices() -> tuple[Row, ...]:
    """Every area, with its programme and its number there."""
    return tuple(
        choice(name, *label, programme=programme, area_no=str(number), ko=label[0], en=label[1])
        for programme, areas in AREAS.items()
        for number, (name, label, _) in enumerate(areas, start=1)
    )


def indicator_choices() -> tuple[Row, ...]:
    """Every statement, with the area and the number under which a checklist looks it up."""
    return tuple(
        choice(
            f"{name}_{item_no}",
            *statement,
            programme=programme,
            area=name,
            item_no=str(item_no),
            ko=statement[0],
            en=statement[1],
        )
        for programme, areas in AREAS.items()
        for name, _, statements in areas
        for item_no, statement in enumerate(statements, start=1)
    )  # fmt: skip
