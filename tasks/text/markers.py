"""What a line of a page says it is: share bar, caption, tag list, footer, the start of other stories, of comments."""

from __future__ import annotations

import re
from enum import StrEnum

from tasks.contracts.codes import DropReason
from tasks.text.lines import Line


class Reach(StrEnum):
    """How far a marker speaks."""

    LINE = "this line"
    ASIDE = "what follows, until the article goes on"
    REST = "everything that follows, once there was an article"
    TAB = "what follows, until a long run of paragraphs: the link to the comments may stand within the article"


_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,?\s)?"
_CLOCK = r"(?:[\s,|@·•-]{0,3}(?:at\s)?\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?)?\s?(?:[a-z]{2,4}\b)?)?"
_DAY = (
    rf"(?:{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th)?[\s.-]{_MONTH}[\s,.-]{{1,2}}(?:\d{{4}}|\d{{2}})?"
    rf"|{_WEEKDAY}{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?(?:\s\d{{4}})?|{_WEEKDAY}\d{{1,4}}[/.-]\d{{1,2}}[/.-]\d{{1,4}})"
)

# Reason, reach, pattern. Patterns are matched against the whole line without its bullet, case ignored; <DAY> and
# <CLOCK> stand for a date and the time behind it. The first match wins.
_LINE_RULES: tuple[tuple[DropReason, Reach, str], ...] = (
    (
        DropReason.RELATED,
        Reach.ASIDE,
        r"polls?|poll of the day.{0,60}|quiz|survey|about (?:the|this) (?:author|writer|reporter)s?|live updates"
        r"|must[- ]reads?|infographics?|from (?:our|the) archives?|editorial cartoon|more in .{1,30}|opinion polls?"
        r"|(?:noticias|art[ií]culos) relacionad[ao]s|lo m[aá]s le[ií]do|(?:à )?lire aussi|les plus lus"
        r"|dans la m[eê]me rubrique|mehr zum thema|meistgelesen|leggi anche|lees ook",
    ),
    (
        DropReason.COMMENTS,
        Reach.REST,
        r"(?:commentaires?|comentarios?|kommentare|commenti)(?:\s?\(\d{1,6}\))?",
    ),
    (
        DropReason.SHARE,
        Reach.LINE,
        r"(?:hear|listen to|watch|play) (?:this|the) (?:story|article|report|video|audio).{0,20}",
    ),
    (
        DropReason.RELATED,
        Reach.ASIDE,
        r"(?:skip next section\s)?(?:(?:more\s)?related(?:\s(?:news|stor(?:y|ies)|articles?|posts?"
        r"|topics?|content|links?|coverage|reading|items|videos?|headlines|press releases|internet links"
        r"|bbc sites|searches|quotes?|companies))?|(?:more\s)?(?:top|other|latest|recent|popular|featured"
        r"|recommended|trending|breaking|similar|suggested|further)\s(?:news|stor(?:y|ies)|articles?"
        r"|posts?|headlines|reading|videos?|topics|items|comments|entries|searches|content)(?:\s(?:from"
        r"|in|on|for)\s.{1,40})?|most[\s-](?:read|popular|viewed|e-?mailed|commented|shared|recent"
        r"|recommended|active|discussed|watched)(?:\s.{1,30})?|popular(?:\snow)?(?:\s(?:on|in)\s.{1,40})?"
        r"|trending(?:\snow)?|read next|up next|what(?:'|’)?s (?:hot|next)|you (?:may"
        r"|might) (?:also )?(?:like|be interested in).{0,20}|(?:recommended|picked|more"
        r"|suggested) for you|don(?:'|’)t miss|see also|also (?:read|see|on|in).{0,40}"
        r"|also in (?:the )?news|elsewhere (?:on|in).{0,30}|more (?:stories|news|articles|headlines"
        r"|videos|posts|coverage|photos|from|in|on|about|by|like this).{0,60}|(?:editor(?:'|’|‘)?s(?:'"
        r"|’)?|staff) (?:picks?|choice)|in (?:other|this) news|in this (?:section|article|story|package)"
        r"|on this story|top (?:stor(?:y|ies)|news).{0,20}|recent (?:entries|posts|comments|articles)"
        r"|from (?:around )?the (?:web|archives?)|around the web|sponsored (?:links|content|stories)"
        r"|promoted (?:stories|content)|(?:the )?latest(?: (?:news|from|headlines|stories).{0,40})?"
        r"|news tracker.{0,60}|features,? views,? analysis|read (?:more|also|next)|see more|keep reading"
        r"|coverage|multimedia|(?:next|previous) (?:stor(?:y|ies)|articles?|posts?)|stories you.{0,40}"
        r"|today(?:'|’)s (?:top|most).{0,30}|links)\s?[:>»…]{0,3}",
    ),
    (
        DropReason.COMMENTS,
        Reach.TAB,
        r"(?:view (?:all )?|all |add (?:a |your )?|post (?:a |your )?|read |see |make a )?(?:comments?"
        r"|discussion|conversation|reactions)|have your say",
    ),
    (
        DropReason.COMMENTS,
        Reach.REST,
        r"(?:\d[\d,.]*\s|no\s|all\s|reader(?:s|(?:'|’)s|s(?:'|’))?\s|user\s|add\s(?:a\s|your\s)?"
        r"|post\s(?:a\s|your\s)?|leave\s(?:a\s|your\s)?|view\s(?:all\s)?(?:\d{1,6}\s)?|show\s(?:all\s)?"
        r"|write\s(?:a\s)?|most recent\s|latest\s|submit\s(?:a\s|your\s)?|make\sa\s"
        r"|join the\s)?(?:comments?|repl(?:y|ies)|responses?|discussion|conversation|reactions"
        r"|trackbacks?)(?:\s?[(\[]\d[\d,]*[)\]]|\s?[:+»]|\s\d{1,5}|\sso far.{0,30})?"
        r"|(?:\d[\d,.]*|no|one) (?:comments?|repl(?:y|ies)|responses?|reactions) (?:to|on) .{1,120}",
    ),
    (
        DropReason.COMMENTS,
        Reach.REST,
        r"\{\s?\d{1,5} (?:comment|trackback|pingback)s?.{0,60}|have your say.{0,40}"
        r"|what do you think.{0,60}|speak your mind"
        r"|(?:please\s)?(?:log|sign)[\s-]?in (?:or \w{1,12} )?to (?:post |leave "
        r"|add )?(?:a )?comments?.{0,30}|comments? (?:are|is) (?:now )?closed.{0,60}"
        r"|\d{1,5} (?:thoughts|responses|comments) (?:on|to|for).{1,120}|be the first to comment.{0,40}"
        r"|showing \d{1,4}.{0,20}comments?.{0,20}",
    ),
    (
        DropReason.FOOTER,
        Reach.TAB,
        r"\(?(?:copyright\b|©|\(c\)\s|&copy;).{0,300}|.{0,80}\ball rights reserved\b.{0,200}"
        r"|.{0,60}©\s?(?:copyright\s)?(?:19|20)\d\d.{0,120}",
    ),
    (
        DropReason.FOOTER,
        Reach.LINE,
        r"(?:the )?material (?:may|on this site).{0,200}"
        r"|this (?:material|story|article) may not be (?:published|reproduced).{0,200}"
        r"|terms (?:of|and|&) (?:use|service|conditions)\b.{0,80}"
        r"|privacy (?:policy|statement|notice)\b.{0,80}|back to (?:the )?top.{0,20}|contact us|about us"
        r"|site ?map|powered by.{0,60}|(?:original )?source(?: link)?|go to (?:the )?home ?page",
    ),
    (
        DropReason.NAVIGATION,
        Reach.LINE,
        r"skip (?:to|next|past|navigation|this|main)\b.{0,60}|(?:you are here|home\s?[>»/]).{0,200}"
        r"|breaking(?: news)?|live(?: tv)?|in focus|menu|search|navigation|home|log ?in"
        r"|sign (?:in|up)|register|subscribe",
    ),
    (
        DropReason.SHARE,
        Reach.LINE,
        r"(?:click (?:here|on|to)|share (?:this|on|via|with)|follow (?:us|me|him|her|@?\w{1,20}) on"
        r"|like us on|find us on|join us on|bookmark|email this|print this|send (?:this|to)|tweet this"
        r"|download (?:the|our)|get (?:the|our) app|listen to (?:this|the))\b.{0,120}",
    ),
    (
        DropReason.NEWSLETTER,
        Reach.LINE,
        r".{0,60}\b(?:newsletters?|daily briefing|inbox|e-?mail alerts?|news alerts?|sign up (?:for|to)"
        r"|subscribe (?:to|now|today|for)|support independent journalism|become a (?:member|subscriber"
        r"|patron|supporter))\b.{0,120}",
    ),
    (
        DropReason.COOKIES,
        Reach.LINE,
        r".{0,200}\b(?:uses? cookies|cookie (?:policy|settings|preferences|consent)"
        r"|accept (?:all )?cookies|consent to)\b.{0,300}",
    ),
    (
        DropReason.ADVERTISEMENT,
        Reach.LINE,
        r"(?:advertisements?|advertising|sponsored(?: by.{0,60})?|ads? by .{1,40}"
        r"|story continues below.{0,40}|article continues (?:below|after).{0,60}|continue reading.{0,60}"
        r"|scroll (?:down )?(?:for|to).{0,60}|(?:<a|<img|<script|<iframe|<div)\b.{0,2000})",
    ),
    (
        DropReason.CREDIT,
        Reach.LINE,
        r"(?:photo|photos|image|images|picture|photograph|illustration|graphic|video|credit|caption"
        r"|file photo|photo by|pic)\b\s?(?:credit|by|courtesy|source|caption)?\s?[:/©].{0,300}",
    ),
    (
        DropReason.READ_MORE,
        Reach.LINE,
        r"[\[(]?(?:read|see|watch|view|learn|find out|hear|listen)\s(?:more|also|next|the full (?:story"
        r"|article|gallery)|related|all|full (?:story|article|gallery|coverage)|video"
        r"|on [A-Z\w ]{1,30})?\s?[:>»|…-].{1,300}"
        r"|[\[(]?(?:see also|also read|also see|must read|related(?: \w{1,10})?|more|full story"
        r"|full coverage|watch|video|photos?|gallery|in pictures|recommended|explainer|opinion|analysis"
        r"|don(?:'|’)t miss)\s?[:|].{1,300}"
        r"|(?:read more|full story|more|continued|next page|previous page|next|previous"
        r"|view (?:the )?(?:full )?gallery|see more|show more|learn more)\s?[>».…]{0,3}"
        r"|\d{1,4} photos?(?:\s?\|.{0,40})?|page \d{1,3} of \d{1,3}|\d{1,3} of \d{1,3}",
    ),
    (
        DropReason.TAGS,
        Reach.LINE,
        r"(?:tags?|topics?|keywords?|filed under|labels?|categor(?:y|ies)|posted in|tagged(?: as| with)?"
        r"|subjects?|companies|people|places|more on)\s?:.{0,400}"
        r"|(?:tags|topics|keywords|filed under|categories)",
    ),
    (
        DropReason.METADATA,
        Reach.LINE,
        r"(?:(?:first |last )?(?:published|updated|posted|created|modified|written|added|date|dated|on"
        r"|released|submitted|edited|print edition|issue)\s?(?:at|on|by|date|online)?\s?[:"
        r"|]?\s?){0,3}\(?<DAY><CLOCK>(?:\s?\S{1,25}){0,3}",
    ),
    (
        DropReason.METADATA,
        Reach.LINE,
        r"(?:(?:first |last )?(?:published|updated|posted|modified)\b|page last updated).{0,90}"
        r"|(?:\d{1,3}|an?|one|two|three|few)\s(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month"
        r"|year)s?\sago.{0,30}|\d{1,3}[- ]min(?:ute)?s?(?: read)?|\d{1,2}:\d{2}(?:\s?[ap]m)?.{0,25}"
        r"|(?:19|20)\d\d|(?:today|yesterday),?.{0,20}\d.{0,20}|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}.{0,40}",
    ),
    (
        DropReason.METADATA,
        Reach.LINE,
        r"\(?(?:(?:by|sources?|authors?|editors?|reporter)\s?:|(?:written|posted|reporting|writing|additional reporting"
        r"|editing|edited|reported|compiled|translated|text|words|story) by)\s?[\w.'’@,:;/|&() -]{1,120}",
    ),
    (
        DropReason.METADATA,
        Reach.LINE,
        r"https?://\S{1,500}|www\.\S{1,200}",
    ),
)
# What even a full sentence may be. "Click here to read ...", "We use cookies ...", "© 2023 ... All rights reserved."
_PROSE_RULES: tuple[tuple[DropReason, Reach, str], ...] = (
    (
        DropReason.NEWSLETTER,
        Reach.LINE,
        r"by (?:signing up|subscribing|submitting|clicking|registering|providing your)\b.{0,300}"
        r"|.{0,80}\b(?:text|e-?mail|write to|call|tell) us (?:at|on|your|in)\b.{0,200}"
        r"|you have (?:read|used|reached|\d{1,2})\b.{0,40}\b(?:free|articles?)\b.{0,200}",
    ),
    (
        DropReason.METADATA,
        Reach.LINE,
        r"this (?:article|story|report|page|post) (?:was|has been|is) (?:first |last |originally )?(?:updated|amended"
        r"|corrected|published|edited|translated)\b.{0,300}",
    ),
    (
        DropReason.FOOTER,
        Reach.LINE,
        r"(?:copyright\b|©|\(c\)\s|&copy;).{0,400}|.{0,300}\ball rights reserved\b.{0,300}"
        r"|this (?:material|story|article|copy|content) (?:may|is|has been)\b.{0,80}(?:published"
        r"|reproduced|automatically|syndicated|personal).{0,300}"
        r"|.{0,60}©\s?(?:copyright\s)?(?:19|20)\d\d.{0,300}",
    ),
    (
        DropReason.READ_MORE,
        Reach.LINE,
        r"[\[(]?(?:read|see|watch|view|read|listen)(?: more| also| next)\s?:.{1,300}"
        r"|[\[(]?(?:see also|also read|must read|related)\s?[:|].{1,300}",
    ),
    (
        DropReason.NEWSLETTER,
        Reach.LINE,
        r"(?:sign up|subscribe|become a|support (?:our|independent)|join our|enter your e-?mail"
        r"|get (?:our|the) (?:latest|newsletter|daily|best))\b.{0,300}",
    ),
    (
        DropReason.COOKIES,
        Reach.LINE,
        r"(?:we|this (?:web)?site|our (?:web)?site|by (?:using|continuing)).{0,80}\bcookies?\b.{0,300}"
        r"|.{0,200}\b(?:cookie (?:policy|settings|preferences|consent)|accept (?:all )?cookies)\b.{0,200}",
    ),
    (
        DropReason.NAVIGATION,
        Reach.LINE,
        r"(?:please )?(?:turn on|enable) javascript\b.{0,200}"
        r"|.{0,120}\b(?:requires javascript|best viewed (?:in|with)|style sheets \(css\)|javascript (?:is"
        r"|to be) (?:disabled|enabled|turned)).{0,300}",
    ),
    (
        DropReason.COMMENTS,
        Reach.LINE,
        r"(?:your|this) comments? (?:has|have|could|will|is|are)\b.{0,300}"
        r"|comments (?:are|will be|posted|that)\b.{0,300}"
        r"|.{0,80}\b(?:posting your comment|html tags and attributes|reading this image"
        r"|not match the image)\b.{0,300}|this is only a preview\b.{0,100}"
        r"|the following comments are\b.{0,200}|.{0,40}\bcomments are owned by\b.{0,200}",
    ),
    (
        DropReason.FOOTER,
        Reach.LINE,
        r".{0,60}\b(?:for your personal,? non-?commercial use|is not responsible for the content"
        r"|external (?:internet )?(?:links|sites) are provided)\b.{0,300}|disclaimer\s?:.{1,400}",
    ),
    (
        DropReason.NEWSLETTER,
        Reach.LINE,
        r"(?:submit|upload|send|share) (?:us )?your (?:pics|photos?|pictures|videos?|news|story|stories"
        r"|tips)\b.{0,300}|if you have (?:any |a )?(?:news tips?|story).{0,200}"
        r"|for more (?:on|from|information|news),? .{0,120}(?:visit|click|follow|go to|see)\b.{0,200}",
    ),
    (
        DropReason.SHARE,
        Reach.LINE,
        r"(?:click here|share this|follow us|like us|download (?:our|the app)|find us)\b.{0,300}"
        r"|(?:<a|<img|<script|<iframe|<div)\s.{0,400}",
    ),
)


def _compiled(
    rules: tuple[tuple[DropReason, Reach, str], ...],
) -> tuple[tuple[re.Pattern[str], DropReason, Reach], ...]:
    return tuple(
        (re.compile(rf"(?:{p.replace('<DAY>', _DAY).replace('<CLOCK>', _CLOCK)})\Z", re.IGNORECASE), reason, reach)
        for reason, reach, p in rules
    )


_OF_LABEL, _OF_PROSE = _compiled(_LINE_RULES), _compiled(_PROSE_RULES)
# A rule reads no further than the longest line that a marker can be.
_LONGEST_MARKER = 420
_SHARE_WORDS_TEXT = """
    share tweet like pin digg reddit stumbleupon stumble del.icio.us delicious facebook twitter linkedin google
    whatsapp telegram tumblr pinterest newsvine mixx buzz x rss print e-mail email mail text font size save bookmark
    reprint reprints send copy link this page story article post to a friend on via with in and by it version
    printable printer friendly printer-friendly format resize larger smaller increase decrease listen permalink url
    recommend recommendation recommendations flag clip discuss follow us yahoo myspace fark technorati close more
    normal tools options comment instagram youtube messenger viber flipboard pocket evernote skype buffer hacker news
    aa aaa
"""
_SHARE_WORDS = frozenset(_SHARE_WORDS_TEXT.split())

_TOKEN = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*")
_AGENCY = (
    r"(?:AP|AFP|Reuters|Getty|EPA|EFE|ANSA|PA|Xinhua|TASS|RIA|Sputnik|Anadolu|AA|DPA|dpa|Bloomberg|Shutterstock"
    r"|Twitter|Facebook|Wikimedia|Flickr|X)"
)
_CREDIT = re.compile(
    rf"\([^()]{{0,60}}\b(?:{_AGENCY}\b|[Pp]hoto|[Ii]mage|[Ss]creen ?[Gg]rab|[Ii]llustrat|Courtesy|[Ff]ile|Media)"
    r"[^()]{0,80}\)\W{0,2}$"
    r"|(?:^|[\s.])PHOTOS? ?[|:/].{1,60}$"
    r"|(?:^|[\s.])(?:Photo|Image|Picture|Photograph|Illustration|Credit|Photo credit|Photo by)s?\s?:\s?\S.{0,120}$"
    r"|(?:Official|File|Archive|Courtesy|Handout|AP|AFP|Reuters|Getty|EPA) (?:photo|image|picture)s?\.?$"
    r"|\([^()]{0,30}\b(?:handout|pool|courtesy|archive|file)\)\W{0,2}$|[.!?]\s©\s?[^.]{2,40}$"
    r"|/(?:Getty Images|AFP|AP|Reuters|EPA|Shutterstock|Facebook|Twitter|dpa|picture alliance)\.?$"
    r"|(?:Source|Photograph|Image): [^.]{1,80}/[^.]{1,40}\.?$"
)
_REPORT_CREDIT = re.compile(r"\([A-Z]{2,5}\)\s[-–—]|^[A-Z][A-Z ,.]{2,40}\(")

# What stands at each comment of a list: "Reply", "Anna says:", "by Ben on May 23, 2011 at 12:12 am", "Cem 07.16.12 at
# 21:35".
_COMMENT_SIGN = re.compile(
    rf"(?:.{{0,80}}\b(?:reply|permalink)\b(?: to this.{{0,30}}| #)?|.{{1,60}}\b(?:says|wrote|said|writes)\s?:"
    rf"|(?:posted )?by:? .{{2,50}} (?:on|at|@) .{{0,20}}\d.{{0,60}}"
    rf"|[^\d]{{2,40}}\s{_DAY}(?:,? at|\s[|@-]|,)?\s.{{0,4}}\d{{1,2}}[:.]\d{{2}}.{{0,30}}"
    rf"|(?:flag|report)(?: as| this)? (?:abuse|inappropriate|comment).{{0,30}}"
    rf"|#?\d{{1,4}}[.)]? .{{2,40}} \d{{1,2}}:\d{{2}}.{{0,20}})\Z",
    re.IGNORECASE,
)
_LONGEST_SIGN = 160
# "By Anna Example and Ben Sample, Example Agency": most words are names; the headline "By land and sea" is none.
_BYLINE = re.compile(r"by:?\s", re.IGNORECASE)
_MAX_BYLINE, _MAX_BYLINE_LOWER = 18, 0.5
# "World | Europe | Asia", "5 min read · Listen · Save": a row of labels has a mark at every few words.
_SEPARATOR = re.compile(r"\s[·|•/]\s")
_MAX_PER_SEPARATOR = 4
_MAX_CAPTION = 60  # words; a paragraph that ends with "(Reuters)" is often longer


# "— Nile Airport (@nileairport) May 20, 2023": what stands below a post of another network.
_POST_SIGNATURE = re.compile(r".{2,60}\(@\w{1,30}\)\s.{0,24}\d{4}.{0,10}\Z")


def is_post_signature(line: Line) -> bool:
    """Name, handle and date below a post that is shown within the article: the line above is the post."""
    return len(line.text) <= _LONGEST_SIGN and bool(_POST_SIGNATURE.match(line.text))


def is_comment_sign(line: Line) -> bool:
    """It is what stands at every comment of a list; once on a page it may be the article's own byline."""
    return line.words <= 20 and len(line.text) <= _LONGEST_SIGN and bool(_COMMENT_SIGN.match(line.text))


def mark(line: Line) -> tuple[DropReason, Reach] | None:
    """What the line says it is, or None: then its neighbours decide."""
    text = line.text
    if not text or not line.words:
        return DropReason.NAVIGATION, Reach.LINE
    if len(text) <= _LONGEST_MARKER:
        for pattern, reason, reach in _OF_PROSE if line.prose else _OF_LABEL + _OF_PROSE:
            if pattern.match(text):
                return reason, reach
        if line.words <= 20 and all(w.isdigit() or w in _SHARE_WORDS for w in _TOKEN.findall(text.lower())):
            return DropReason.SHARE, Reach.LINE
    marks = len(_SEPARATOR.findall(text)) if len(text) <= _LONGEST_MARKER else 0
    if not line.prose and marks >= 2 and line.words <= _MAX_PER_SEPARATOR * (marks + 1):
        return DropReason.NAVIGATION, Reach.LINE
    if _BYLINE.match(text) and line.words <= _MAX_BYLINE and line.lower <= _MAX_BYLINE_LOWER:
        return DropReason.METADATA, Reach.LINE
    if line.words <= _MAX_CAPTION and _CREDIT.search(text[-220:]) and not _REPORT_CREDIT.search(text[:80]):
        return DropReason.CAPTION, Reach.LINE
    return None
