"""The fictional agency: its units, its people, and what they write to each other. Nobody here is real."""

from dataclasses import dataclass

from congvu.base.texts import Texts

SLUG = "phuong-binh-minh"
DOMAIN = "binhminh.example"
NAME: Texts = {
    "vi": "Ủy ban nhân dân phường Bình Minh (hư cấu)",
    "en": "People's Committee of Bình Minh Ward (fictional)",
}
PASSWORD = "binh-minh-2026"  # noqa: S105 -- a demonstration's, printed on purpose


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit to be opened; the root is the agency itself."""

    code: str
    name: Texts


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """A person to be appointed, and their habits: of a hundred windows how many they use, and how fast they answer."""

    key: str
    full_name: str
    unit: str
    title: Texts
    rank: str = "staff"
    functions: tuple[str, ...] = ()
    windows: int = 95
    prompt: int = 90
    leaves: bool = False


UNITS = (
    UnitPlan("van-phong", {"vi": "Văn phòng", "en": "Office"}),
    UnitPlan(
        "kinh-te",
        {"vi": "Phòng Kinh tế, Hạ tầng và Đô thị", "en": "Economy, Infrastructure and Urban Affairs"},
    ),
    UnitPlan("van-hoa", {"vi": "Phòng Văn hóa – Xã hội", "en": "Culture and Social Affairs"}),
)

OFFICIAL: Texts = {"vi": "Chuyên viên", "en": "Official"}
HEAD: Texts = {"vi": "Trưởng phòng", "en": "Head of division"}

PEOPLE = (
    PersonPlan(
        "chi",
        "Lê Thị Chi",
        SLUG,
        {"vi": "Chủ tịch", "en": "Chairwoman"},
        "agency_leader",
        ("head", "legal_officer"),
        98,
        85,
    ),
    PersonPlan(
        "an",
        "Nguyễn Thị An",
        "van-phong",
        {"vi": "Văn thư", "en": "Registry clerk"},
        functions=("clerk",),
        windows=99,
        prompt=97,
    ),
    PersonPlan("binh", "Trần Văn Bình", "kinh-te", OFFICIAL, windows=84, prompt=80),
    PersonPlan(
        "khanh", "Phạm Quốc Khánh", "kinh-te", HEAD, "division_head", ("head",), windows=94, prompt=86
    ),
    PersonPlan("ha", "Đỗ Thu Hà", "kinh-te", OFFICIAL, windows=90, prompt=72),
    PersonPlan("lan", "Võ Ngọc Lan", "van-hoa", HEAD, "division_head", ("head",), windows=96, prompt=90),
    PersonPlan("minh", "Hoàng Đức Minh", "van-hoa", OFFICIAL, windows=88, prompt=82),
    PersonPlan("son", "Bùi Thanh Sơn", "van-hoa", OFFICIAL, windows=90, prompt=80, leaves=True),
    PersonPlan(
        "ngoc",
        "Đặng Hồng Ngọc",
        "van-phong",
        {"vi": "Quản trị hệ thống", "en": "System administrator"},
        functions=("administrator", "mail_administrator"),
        windows=97,
        prompt=90,
    ),
    PersonPlan(
        "tuan",
        "Mai Anh Tuấn",
        "van-phong",
        {"vi": "Thanh tra viên", "en": "Auditor"},
        functions=("auditor", "ethics_officer"),
        windows=96,
        prompt=90,
    ),
)

# (communication, from, to, subject, body); a person's key, a unit's code with @, or an outsider's address
LETTERS = (
    (
        "work_schedule",
        "an",
        ("chi", "khanh", "lan"),
        "Lịch làm việc tuần của Thường trực UBND phường",
        "Kính gửi các đồng chí,\n\nVăn phòng gửi lịch làm việc tuần. Đề nghị các phòng rà soát và phản hồi nếu có thay đổi.\n\nTrân trọng,\nVăn thư",
    ),
    (
        "meeting_papers",
        "khanh",
        ("binh", "ha", "chi"),
        "Tài liệu họp giao ban: tiến độ nâng cấp chiếu sáng tuyến Lê Lợi",
        "Các đồng chí nghiên cứu tài liệu trước cuộc họp giao ban sáng mai, 8 giờ 30, phòng họp số 2.\n\n1. Tiến độ thay đèn LED\n2. Vướng mắc mặt bằng\n3. Đề xuất điều chỉnh",
    ),
    (
        "report",
        "binh",
        ("khanh", "chi"),
        "Báo cáo nhanh: sự cố mất đèn đường hẻm 12",
        "Báo cáo lãnh đạo: tổ trực đã kiểm tra, nguyên nhân do chập dây. Đơn vị thi công hẹn khắc phục trước 17 giờ ngày mai.",
    ),
    (
        "working_papers",
        "ha",
        ("binh", "khanh"),
        "Dự thảo phương án phân luồng giao thông ngày khai giảng",
        "Nhờ anh Bình góp ý phần sơ đồ cổng phụ. Bản đồ hiện trạng em để ở mục 2.",
    ),
    (
        "invitation",
        "lan",
        ("chi", "minh", "an"),
        "Mời dự hội nghị tổng kết phong trào đọc sách",
        "Trân trọng kính mời dự hội nghị lúc 14 giờ 30 tại hội trường tầng 1.",
    ),
    (
        "official_letter",
        "chi",
        ("khanh", "lan"),
        "V/v tăng cường sử dụng thư điện tử trong trao đổi công việc",
        "Yêu cầu các phòng thực hiện nghiêm việc kiểm tra hộp thư hai lần mỗi ngày làm việc và phản hồi ngay khi nhận thư.",
    ),
    (
        "direction",
        "chi",
        ("khanh", "lan", "an"),
        "Chỉ đạo xử lý phản ánh của người dân về thoát nước",
        "Giao Phòng Kinh tế, Hạ tầng và Đô thị chủ trì kiểm tra, báo cáo kết quả trong ngày.",
    ),
    (
        "report",
        "minh",
        ("lan",),
        "Báo cáo số liệu hộ cận nghèo quý này",
        "Em gửi chị số liệu đã đối chiếu với tổ dân phố. Còn hai hộ đang chờ xác minh.",
    ),
    (
        "other",
        "ngoc",
        ("an", "binh", "ha", "minh"),
        "Hướng dẫn bật xác thực hai lớp cho tài khoản công vụ",
        "Mọi người vào mục Tài khoản, chọn Xác thực hai lớp và làm theo các bước. Cần hỗ trợ xin gọi máy lẻ 108.",
    ),
    (
        "working_papers",
        "binh",
        ("ha",),
        "Re: góp ý sơ đồ cổng phụ",
        "Anh đã đánh dấu ba điểm cần sửa trong bản vẽ. Em xem lại chiều rộng lối đi bộ.",
    ),
)

# (from name, from address, to, subject, body): people outside the agency
ASKED = (
    (
        "Phạm Thị Dung",
        "dung@nguoidan.example",
        "@",
        "Hỏi về thủ tục cấp phép sửa nhà",
        "Kính gửi UBND phường,\n\nTôi muốn sửa mái nhà ở hẻm 12. Xin hỏi có cần giấy phép không và nộp ở đâu?\n\nTôi xin cảm ơn.\nDung",
    ),
    (
        "Công ty Chiếu sáng Ánh Dương",
        "duan@anhduong.example",
        "khanh",
        "Lịch thi công thay đèn tuyến Lê Lợi",
        "Kính gửi anh Khánh, chúng tôi dự kiến thi công từ 22 giờ đến 4 giờ để không ảnh hưởng giao thông.",
    ),
    (
        "Sở Nội vụ (hư cấu)",
        "vanthu@sonoivu.example",
        "@",
        "V/v báo cáo kết quả sử dụng thư điện tử công vụ",
        "Đề nghị UBND phường báo cáo kết quả thực hiện trước ngày 25 hằng tháng.",
    ),
    (
        "Bản tin Đô thị",
        "bantin@dothi.example",
        "binh",
        "Bản tin đô thị tuần này",
        "Tự động: các bài đọc nhiều trong tuần.",
    ),
)

REASONS = {
    "reply": (
        "Tôi đi kiểm tra hiện trường hẻm 12 theo phân công, không có kết nối mạng.",
        "Sáng hôm đó tôi họp ở quận từ 7 giờ 45, có giấy mời kèm theo.",
        "Máy tính của tôi đang sửa, tôi đã báo quản trị hệ thống.",
    ),
    "excuse": ("Có lịch công tác được duyệt.", "Sự cố thiết bị được quản trị hệ thống xác nhận."),
    "confirm": ("Đã trao đổi, không có lý do khách quan.",),
}
