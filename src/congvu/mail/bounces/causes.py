"""From what another server said to one closed word: its own words first, for codes are often wrong. RFC 3463."""

import re
import unicodedata

from congvu.mail import reasons

LONGEST = 4_000  # characters that are read

# In the order in which they are tried; English, Russian, Kazakh, Vietnamese, German and French servers.
_SAID: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (word, re.compile("|".join(phrases), re.IGNORECASE))
    for word, phrases in (
        (
            reasons.FULL,
            (
                r"mailbox (?:is |size |has )?(?:full|exceed)",
                r"mailbox size limit",
                r"(?:over|exceed\w*) (?:the |its |his |storage |mailbox |disk )*quota",
                r"quota (?:is |has been )?(?:exceeded|full)",
                r"over ?quota",
                r"out of (?:storage )?space",
                r"insufficient (?:system )?storage",
                r"storage limit",
                r"mailbox\.?full",
                r"inbox is full",
                r"not enough (?:storage )?space",
                r"ящик\w* (?:получателя )?(?:переполнен|заполнен)",
                r"переполнен\w* почтов\w* ящик",
                r"превышен\w* (?:квота|лимит|допустим\w* размер ящика)",
                r"пошта жәшігі (?:толы|толып)",
                r"жәшік\w* толы",
                r"жәшігінде орын жоқ",
                r"hộp thư (?:của người nhận )?(?:đã |bị )?đầy",
                r"hộp thư (?:đã )?vượt (?:quá )?dung lượng",
                r"vượt (?:quá )?(?:hạn mức|dung lượng) (?:lưu trữ|hộp thư)",
            ),
        ),
        (
            reasons.SIZE,
            (
                r"message (?:is |was )?too (?:large|big)",
                r"(?:message|mail) (?:file )?size exceed",
                r"exceed\w* (?:the )?(?:maximum|max|fixed|allowed) (?:message |mail )?size",
                r"size limit",
                r"larger than the (?:current )?(?:system |maximum )",
                r"слишком больш\w+ (?:письмо|сообщение|размер)",
                r"размер (?:письма|сообщения) превыша",
                r"хат(?:тың)? (?:көлемі )?тым үлкен",
                r"thư (?:có dung lượng )?quá lớn",
            ),
        ),
        (
            reasons.LOOP,
            (
                r"mail (?:forwarding )?loop",
                r"too many hops",
                r"hop count exceeded",
                r"loops back to",
                r"зациклив",
            ),
        ),
        (
            reasons.EXPIRED,
            (
                r"(?:message|mail|delivery) (?:time )?(?:has )?expired",
                r"retry time(?:out)? (?:not reached|exceeded)",
                r"(?:has been|been) in (?:the )?queue too long",
                r"could not be delivered for \d",
                r"delivery timed out",
                r"истек\w* срок (?:доставки|хранения)",
            ),
        ),
        (
            reasons.DISABLED,
            (
                r"(?:account|mailbox|user|recipient)(?: \S{1,100})? (?:is |has been |was )?(?:disabled|inactive|suspended|deactivated|locked|frozen|blocked)",
                r"(?:disabled|inactive|suspended) (?:account|mailbox|user|recipient)",
                r"account (?:that you tried to reach )?is (?:over|disabled|inactive)",
                r"no longer (?:in use|active|available|works)",
                r"(?:ящик|аккаунт|пользователь|учётн\w+ запис\w+|учетн\w+ запис\w+)\w* (?:заблокирован|отключ|неактив|удал[её]н)",
                r"(?:тіркелгі|жәшік|пайдаланушы)\w* (?:бұғатталған|өшірілген)",
                r"(?:tài khoản|hộp thư|địa chỉ)[^.\n]{0,40} (?:đã )?(?:bị )?(?:khóa|khoá|vô hiệu|ngừng hoạt động)",
            ),
        ),
        (
            reasons.SENDER,
            (
                r"\bspf\b[^.\n]{0,80}(?:fail|not|reject|deny|denied|check)",
                r"\bdmarc\b",
                r"\bdkim\b[^.\n]{0,60}(?:fail|not|reject)",
                r"(?:sender|from)(?: address| domain)? (?:address |domain )?(?:was |is )?(?:rejected|not allowed|not verified|denied|does(?: not|n't) exist)",
                r"sender verify failed",
                r"unauthenticated (?:e-?mail|mail|sender)",
                r"(?:reverse dns|ptr record|rdns)",
                r"not authori[sz]ed to send",
                r"domain of sender",
            ),
        ),
        (
            reasons.SPAM,
            (
                r"\bspam\b",
                r"unsolicited",
                r"\bjunk\b",
                r"blacklist|block ?list|blocklisted|\brbl\b|\bdnsbl\b|spamhaus|spamcop|barracuda",
                r"bulk mail",
                r"(?:poor|bad|low) reputation",
                r"\bspam message rejected",
                r"похоже на спам|спам\w*",
                r"thư rác",
            ),
        ),
        (
            reasons.DOMAIN,
            (
                r"(?:host|domain)(?: name)?(?: \S{1,253})? (?:not found|unknown|could(?: not|n't) be found|does(?: not|n't) exist|is not valid)",
                r"(?:unknown|unrouteable|unroutable|invalid|no such) (?:host|domain|mail domain)",
                r"unrout(?:e)?able address",
                r"name or service not known",
                r"nxdomain",
                r"domain[^.\n]{0,100}(?:accepts no|does(?: not|n't) accept|no) (?:mail|mx)",
                r"null ?mx",
                r"dns (?:error|server)",
                r"домен\w* (?:\S{1,253} )?не (?:существует|найден)",
                r"tên miền[^.\n]{0,100} không (?:tồn tại|tìm thấy)",
            ),
        ),
        (
            reasons.ADDRESS,
            (
                r"(?:user|recipient|mailbox|address|account|addressee|destination|party)(?: name)?(?: address)?(?: \S{1,320})? (?:is |was |name is )?(?:unknown|not found|unavailable or does|not (?:be )?(?:found|known|listed|recogni[sz]ed|exist)|does(?: not|n't) exist|invalid|rejected: user|couldn't be found|could not be found)",
                r"(?:no such|unknown|invalid|bad|non-?existent|nonexistent)(?: local| virtual| destination)? (?:user|recipient|mailbox|address|account|person|alias|name)",
                r"(?:no|not a) (?:mailbox|user|account|valid (?:user|recipient|mailbox|address))(?: here)?",
                r"does(?: not|n't) have an? (?:\S{1,100} )?account",
                r"recipnotfound|recipientnotfound|userunknown",
                r"address (?:not found|couldn't be found|rejected)",
                r"not listed in",
                r"undeliverable address",
                r"(?:пользовател|получател|адресат|ящик|адрес)\w*(?: \S{1,320})? (?:с таким именем )?не (?:существует|найден|зарегистрирован)",
                r"(?:такого|такой) (?:пользовател|адрес|ящик)\w* (?:не существует|нет)",
                r"нет такого (?:пользователя|адреса|ящика)",
                r"неизвестн\w+ (?:пользователь|получатель|адрес)",
                r"(?:пайдаланушы|мекенжай|алушы|жәшік)\w* (?:табылмады|жоқ)",
                r"(?:người nhận|địa chỉ|hộp thư|tài khoản)[^.\n]{0,320} không (?:tồn tại|tìm thấy|hợp lệ|có thật)",
                r"không (?:tồn tại|tìm thấy) (?:người nhận|địa chỉ|hộp thư|tài khoản)",
            ),
        ),
        (
            reasons.CONTENT,
            (
                r"\bvirus\b|malware|infected",
                r"(?:attachment|file type|file extension|content)s? (?:\S{1,60} )?(?:is |are |was |type )?(?:not allowed|not permitted|rejected|blocked|prohibited)",
                r"message (?:headers? )?(?:is |are )?(?:malformed|not rfc)",
                r"(?:вирус|вложени\w+ (?:запрещ|заблок))",
                r"tệp đính kèm[^.\n]{0,80}(?:không được phép|bị chặn)",
            ),
        ),
        (
            reasons.NETWORK,
            (
                r"connection (?:timed out|refused|reset|dropped|lost)",
                r"(?:network|host) (?:is )?unreachable",
                r"no route to host",
                r"could(?: not|n't) connect",
                r"не удалось (?:подключиться|соединиться)",
            ),
        ),
        (
            reasons.POLICY,
            (
                r"(?:access|relay(?:ing)?|permission)s? denied",
                r"relaying not (?:allowed|permitted)",
                r"not (?:permitted|allowed|authori[sz]ed)",
                r"(?:administrative|security|local) (?:prohibition|policy)",
                r"(?:rejected|blocked) (?:by|due to|for) [^.\n]{0,40}polic",
                r"restricted|prohibited by",
                r"only accepts? (?:mail|messages) from",
            ),
        ),
        (
            reasons.SYSTEM,
            (
                r"(?:service|system|server) (?:is )?(?:temporarily |currently )?(?:unavailable|busy|overloaded|down)",
                r"try (?:again )?later",
                r"greylist|graylist",
                r"temporar\w+ (?:error|failure|problem|reject|unavailable)",
                r"local error in processing",
            ),
        ),
    )
)


def reason(status: str, text: str) -> str:
    """Return the closed word for an enhanced status code and for what was said with it."""
    found = said(text)
    return found or reasons.word(status)


def said(text: str) -> str:
    """Return the closed word for what a server wrote, "" when nothing in it is known."""
    line = unicodedata.normalize("NFC", " ".join(text[:LONGEST].split()))
    return next((word for word, known in _SAID if known.search(line)), "")
