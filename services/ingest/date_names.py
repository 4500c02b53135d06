"""Names of months, days and zones as feeds write them; all in lower case."""

MONTHS_IN_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_NAMES = {
    "jan": "january janvier enero janeiro januar januari gennaio ocak январь января янв січень січня січ ιαν "
    "ιανουαρίου január يناير ינואר ژانویه",
    "feb": "february février févr fevr febrero fevereiro februar febbraio şubat февраль февраля фев лютий лютого лют "
    "φεβ φεβρουαρίου február فبراير شباط פברואר فوریه",
    "mar": "march mars marzo março märz mär mart мар март марта березень березня бер μαρ μάρ μαρτίου "
    "március مارس آذار מרץ",
    "apr": "april avril avr abril aprile nisan апрель апреля апр квітень квітня кві квіт απρ απριλίου április أبريل "
    "نيسان אפריל آوریل",
    "may": "mai mayo maio maggio mayıs май мая травень травня тра трав μάι μαι μαϊ μάιος μαΐου május مايو أيار מאי مه",
    "jun": "june juin junio junho juni giugno haziran июнь июня июн червень червня чер черв ιούν ιουν ιουνίου június "
    "يونيو حزيران יוני ژوئن",
    "jul": "july juillet juil julio julho juli luglio temmuz июль июля июл липень липня лип ιούλ ιουλ ιουλίου július "
    "يوليو تموز יולי ژوئیه",
    "aug": "august août aout agosto ağustos август августа авг серпень серпня сер серп αύγ αυγ αυγούστου augusztus "
    "أغسطس آب אוגוסט اوت",
    "sep": "sept september septembre septiembre setembro settembre eylül сентябрь сентября сен сент вересень вересня "
    "вер σεπ σεπτ σεπτεμβρίου szeptember سبتمبر أيلول ספטמבר سپتامبر",
    "oct": "october octobre octubre outubro oktober okt ottobre ekim октябрь октября окт жовтень жовтня жов οκτ "
    "οκτωβρίου október أكتوبر אוקטובר اکتبر",
    "nov": "november novembre noviembre novembro kasım ноябрь ноября ноя нояб листопад листопада лис νοέ νοε "
    "νοεμβρίου نوفمبر נובמבר نوامبر",
    "dec": "december décembre déc diciembre dezembro dezember dez dicembre aralık декабрь декабря дек грудень грудня "
    "гру груд δεκ δεκεμβρίου ديسمبر דצמבר دسامبر",
}
MONTHS = {name: month for month, names in _NAMES.items() for name in names.split()}
"""Each name, in the languages of the feeds, to the English one."""

WEEKDAYS = frozenset(
    """
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
    lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche
    lunes martes miércoles mié mie jueves jue viernes vie sábado sáb sab domingo dom
    montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so
    пн вт ср чт пт сб вс нд понедельник вторник среда четверг пятница суббота воскресенье
    понеділок вівторок середа четвер пʼятниця субота неділя
    κυρ δευ τρι τετ πεμ πέμ παρ σαβ σάβ κυριακή δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο
    pazartesi salı çarşamba perşembe cuma cumartesi pazar
    الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت
    """.split()  # noqa: SIM905 - names, as a reader scans them
)

ZONES: dict[str, float] = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1,
    "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "eat": 3, "trt": 3, "idt": 3,
    "irst": 3.5, "pkt": 5, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "at": -4, "ast": -4, "adt": -3, "et": -5, "est": -5, "edt": -4, "ct": -6, "cst": -6, "cdt": -5,
    "mt": -7, "mst": -7, "mdt": -6, "pt": -8, "pst": -8, "pdt": -7,
}  # fmt: skip
"""Hours east of Greenwich. Only names of one meaning in news: IST (India, Israel, Ireland) is not among them."""
