"""Days as official Vietnamese writes them within a sentence; a title begins with a capital of its own."""

DATE_FORMAT = r"\n\g\à\y d \t\h\á\n\g m \n\ă\m Y"
DATETIME_FORMAT = r"H:i \n\g\à\y d \t\h\á\n\g m \n\ă\m Y"
YEAR_MONTH_FORMAT = r"\t\h\á\n\g n \n\ă\m Y"
MONTH_DAY_FORMAT = r"\n\g\à\y j \t\h\á\n\g n"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "H:i d/m/Y"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"]
DATETIME_INPUT_FORMATS = [form for day in DATE_INPUT_FORMATS for form in (f"%H:%M {day}", f"{day} %H:%M")]
NUMBER_GROUPING = 3
