"""설문 묶음과 종이 입력: a row a sheet, a column a question; the second keying is blind."""
