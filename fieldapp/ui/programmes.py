"""The few names of forms and questions that the frame itself opens and presets.

Everything else that a programme is stands in its workbook.
"""

from __future__ import annotations

#: 방문·안부 기록: the form of a contact, and the questions that the lists preset in it.
CONTACT_FORM = "P01"
METHOD, RESULT = "method", "result"
VISIT, PHONE, ABSENT = "visit", "phone", "absent"
#: 개인정보 동의: asked of a household between its registering and its first visit.
CONSENT_FORM = "P00"
#: 가구 등록.
HOUSEHOLD_FORM = "household"
HOUSEHOLD = "household"
HOUSEHOLD_NAME, HOUSEHOLD_BIRTH, HOUSEHOLD_ADDRESS = "who/name", "who/birth", "where/address"
#: 개선사항: the register form, its question for the next step, and its list.
IMPROVEMENT_FORM = "P12"
IMPROVEMENT = "improvement"
STEP = "step"
ANSWER = "answer"
#: The state that a step leads to → the step; every other state is an answer of the department.
STEP_TO = {"부서 전달": "forward", "반영 확인": "confirm", "공유": "share"}
STEP_WORDS = {"forward": "부서 전달", ANSWER: "회신", "confirm": "반영 확인", "share": "공유"}
