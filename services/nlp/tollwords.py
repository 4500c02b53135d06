"""How English news tells a toll: the patterns that `tolls` reads with. Groups: n, n2, hedge, who, verb."""

import re

from services.nlp.numbers import NUMBER

PEOPLE = (
    r"civilians?|people|persons?|men|women|children|child|man|woman|boys?|girls?|soldiers?|troops"
    r"|fighters?|militants?|rebels?|police(?:men|man)?|officers?|"
    r"members?|residents?|villagers?|workers?|students?|pupils?|passengers?|pilgrims?|worshippers?"
    r"|others?|gunmen|insurgents?|terrorists?|relatives|"
    r"neighbours?|neighbors?|brothers?|sisters?|daughters?|sons?|patients?|paramedics?|medics?"
    r"|journalists?|teachers?|farmers?|drivers?|guards?|marines?|"
    r"recruits?|victims?|more|migrants?|refugees?|miners?|traders?|guests?|passers by|bystanders?"
    r"|loaders?|bakers?|infants?|babies|baby|teenagers?|"
    r"citizens?|volunteers?|staff|crew|commanders?|constables?|cadets?|bodies|injured|wounded|dead"
    r"|casualties|martyrs|personnel|visitors?|townspeople|"
    r"nurses?|doctors?|colleagues?|parents?|mothers?|fathers?|couple|family members|rescuers?"
    r"|siblings?|wife|wives|husband|widow|nephews?|nieces?|uncles?|aunts?|cousins?|watchm[ae]n"
    r"|grand(?:mother|father|son|daughter|child|children|sons|daughters|parents)|twins|fisherm[ae]n"
    r"|mechanics?|clerks?|labourers?|laborers?|peacekeepers?|conscripts?|policewom[ae]n"
    r"|firefighters?|shoppers?|sailors?|prisoners?|pickers"
    r"|travell?ers?|(?:shep|cow|goat)?herds?|herders?|herdsm[ae]n|motorists?|commuters?|tourists?|youths?|elders?|priests?|monks?|loggers?"
    r"|woodcutters?|porters?|shopkeepers?|vendors?|merchants?|engineers?|technicians?|combatants?|jihadists?|bandits?"
    r"|attackers?|assailants?|raiders?|militiam[ae]n|reservists?|hostages?|inmates?|detainees?|protesters?"
    r"|youngsters?|servicem[ae]n|comrades?|deckhands?|attendants?|cooks?|mates?|vigilantes?|sellers?|hunters?|sepoys?|captains?"
    r"|demonstrators?|toddlers?|adults?|schoolchildren|schoolgirls?|schoolboys?|customers?|tenants?|occupants?|cyclists?"
)


_ADJECTIVES = (
    r"(?:(?!and |their |his |her |the |of |in |or |were |was |dead |killed |wounded |injured )[a-z']+ ){0,3}?"
)


_HEDGE = (
    r"(?P<hedge>at least|no fewer than|not less than|more than|over|upwards of|up to|as many as"
    r"|about|around|some|nearly|almost|an estimated|a total of|"
    r"at most|fewer than|another|the|all|only|just|between|from|roughly|approximately)"
)


COUNT = rf"(?:{_HEDGE} )?(?P<n>{NUMBER})(?:(?: to | and |-)(?P<n2>{NUMBER}))?(?P<more> or more)?"


MANY = re.compile(r"(?:(?<!s)s|men|women|children|troops|police)$")
"""Words for several."""


KILLED = (
    r"killed|kia|dead|died|dies|die|slain|martyred|executed|murdered|massacred|shot dead|beheaded|perished"
    r"|lost (?:their|his|her) (?:lives|life)|(?:gave|given) their lives|could not be saved|did not survive|laid to rest"
    r"|neutrali[sz]ed|cut down|buried|burned alive|fatal(?:ly)?|massacred"
)


HURT = (
    r"wounded|injured|hurt|maimed|treated|hospitali[sz]ed|wia"
    r"|(?:taken|brought|carried|rushed|flown|evacuated|transferred|admitted) to (?:[\w']+ ){0,4}?"
    r"(?:hospitals?|clinics?)\b|lost (?:a|an|his|her) (?:leg|arm|hand|foot|eye)"
    r"|had lost (?:a|an|his|her) (?:leg|arm|hand|foot|eye)|brought in|(?:sustained|suffered|received"
    r"|sustaining|suffering|receiving) (?:[a-z]+ ){0,2}(?:injuries|wounds|burns)"
    r"|(?:flown|rushed|evacuated|taken|sent|moved|transferred) to (?:[\w'-]+ ){1,3}with (?:[a-z]+ ){0,2}"
    r"(?:wounds|injuries|burns)|with (?:[a-z]+ ){0,2}(?:wounds|injuries|burns)|have (?:[a-z]+ )?"
    r"(?:wounds|burns|injuries)"
)


_GROUP = (
    rf"{COUNT}(?: of\b(?: (?:the|his|her|its|their|them|us)\b)?)?(?: (?P<who>{_ADJECTIVES}(?:{PEOPLE})\b))?"
)


BEFORE = re.compile(  # "at least 12 civilians were killed", "three dead"
    rf"(?<!no )\b{_GROUP}(?P<gap>(?:,[^,.;]{{0,60}},)?(?: (?:of (?:them|whom|his|the) ?[a-z]*"
    rf"|in [a-z' ]{{2,30}}|from [a-z ]{{2,20}}|on board|at [a-z ]{{2,20}}|inside|who|have|has|had"
    rf"|were|was|are|is|been|be|being|now|found|also|reportedly|feared|confirmed|allegedly|more|others|still"
    rf"|so far|then|later|lay|people|left|among|all|of(?= (?:dead|wounded|injured|killed)\b))){{0,5}})"
    rf" (?P<verb>{KILLED}|{HURT})\b"
)


AFTER = re.compile(  # "killing 12 civilians", "wounded at least five"
    r"\b(?P<verb>kill(?:ed|ing|s)|claimed the lives of|claimed|deaths? of|murdered|massacred"
    r"|executed|beheaded|slaughtered|shot dead|neutrali[sz](?:ed|ing)|eliminat(?:ed|ing)|dead bodies of|bodies of|"
    r"wound(?:ed|ing|s)|injur(?:ed|ing|es)|hurt(?:ing)?|maim(?:ed|ing)|leaving|left|martyred"
    r"|treat(?:ed|ing)|took in|has taken in|took|pulled|received|receiving"
    r"|(?:they|we|neighbou?rs|villagers|residents|families|relatives) (?:have |had )?buried)"
    rf" (?:(?:and (?:wounding|injuring|wounded|injured|killing|killed"
    rf"|maimed)) )?(?:(?:an?|the|his|her|their) (?:whole |entire )?family of )?{_GROUP}"
    rf"(?P<state> (?:dead|killed|wounded|injured))?"
)


_RAISED = (
    r"(?:rose|risen|rises|climbed|climbs|grew|grown|increased|increases|jumped|went up|gone up|raised|revised|lowered"
    r"|fell|fallen|put|cut|stands|stood)"
)


TOLL = re.compile(  # "the toll rose to 24", "lowered its count to 22 dead", "received five dead and 14 wounded"
    rf"\b(?:death toll|toll|number of dead|count of dead|dead)\b[^.;]{{0,50}}? (?:to|at|of|is"
    rf"|stands at|reached|was|from \d+ to) {COUNT}(?P<verb>)"
    rf"|\bnumber of (?P<verb2>wounded|injured) (?:\w+ ){{0,3}}?(?:to|at|is"
    rf"|was) {COUNT.replace('hedge', 'hedge3').replace('<n>', '<n3>').replace('n2', 'n4').replace('more>', 'more3>')}"
)


RISEN_TOLL = re.compile(  # "the toll of Wednesday's strike on ... has risen to seven"
    r"\b(?:death toll|toll|number (?:of )?(?:the |people |civilians |persons )?"
    r"(?:dead|deaths|killed|victims|shot|hacked)|(?:dead|deaths|killed))\b[^.;]{0,160}?"
    rf"\b{_RAISED}(?: \w+)?(?: from {NUMBER})? (?:to|at) {COUNT}(?P<verb>)"
)


FATALITIES = re.compile(
    rf"\b{_GROUP}? ?(?P<verb>fatalities|deaths|casualties|injuries|dead bodies|(?:[a-z]+ ){{0,2}}?bodies|corpses"
    r"|fatal)\b"
)


SINGLE = re.compile(  # "a woman was killed", "killed a taxi driver"
    rf"\b(?:an?|one|the|his|her|their|another) (?P<who>(?:(?!and\b)[a-z0-9']+ ){{0,4}}?(?:{PEOPLE}"
    rf"|judge's driver|laundress|cleaner|groundsman|caretaker|watchman|farmhand|[a-z]+(?:er|or|man"
    rf"|woman|ist|ess|ian|grandmother)))"
    rf"(?P<gap>(?:,? (?:of|aged|in|from|waiting|who|at|on|was|were|is|there|also|has|had|been|then"
    rf"|\d+|(?!(?:nobody|no|none|said|says|told|that|but|while|and)\b)[a-z]+)){{0,6}}?)"
    rf" (?:(?:was|were|has been|had been|is|and) )?(?:also |reportedly |badly |seriously |slightly "
    rf"|lightly )?(?P<verb>{KILLED}|{HURT}|hit)\b"
    rf"|\b(?P<verb2>kill(?:ed|ing|s)|wound(?:ed|ing|s)|injur(?:ed|ing|es)|hurt(?:ing)?"
    rf"|shot dead)(?: and (?:wound(?:ed|ing)|injur(?:ed|ing)))? (?:an?|one|his|her|its"
    rf"|the) (?P<who2>(?:(?!and\b)[a-z0-9']+ ){{0,4}}?(?:{PEOPLE}|wife|[a-z]+(?:er|or|man|woman|ist|ess|ian"
    rf"|cook|boy|girl)))\b"
)


NOBODY = re.compile(
    rf"\b(?:nobody|no one|no-one|none|no (?:{PEOPLE}|casualt(?:y|ies)|victims?|injur(?:y|ies)|deaths?"
    r"|fatalit(?:y|ies)|loss of life|one))(?: \w+){0,4}? (?:was |were |been |is |has been )?(?P<verb>hurt|injured"
    r"|wounded|killed|hit|harmed|died|reported|occurred|recorded)"
    r"|\b(?P<none>no (?:casualties|victims|injuries|deaths|one hurt)|without (?:hurting|harming"
    r"|injuring|killing) any(?:body|one)|without (?:causing |any )?(?:casualties|injuries|loss of life)|unharmed"
    r"|there were no (?:casualties"
    r"|injuries|victims)|caused no casualties)"
)


FAMILY = re.compile(
    rf"\b(?:family|crew|party) of (?P<n>{NUMBER})(?P<gap>[^.;]{{0,30}}?) (?P<verb>{KILLED}|{HURT})\b"
)


DISPLACED = re.compile(
    rf"\b{COUNT} (?:[a-z]+ ){{0,2}}?(?:have |has |had |were |been |are )*(?:displaced"
    rf"|driven from their homes|fled|forced to flee)\b"
    rf"|\b(?P<v>displac(?:ed|ing)|forc(?:ed"
    rf"|ing)) {COUNT.replace('hedge', 'hedge3').replace('<n>', '<n3>').replace('n2', 'n4').replace('more>', 'more3>')}"
)


CUMULATIVE = re.compile(
    r"\bsince (?:\d{4}|the|it|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|\d|late|early|mid|last|then)|"
    r"\bbringing the (?:total|toll)|\bso far this year\b|\bthis year alone\b"
    r"|\bover the past\b(?! (?:day|night|hour|(?:\w+ )?hours|two days|three days|few days))"
    r"|\bin the past (?:year|month|decade)|\bduring the war\b|"
    r"\bin (?:ten|five|two|three|four|six|seven|eight|nine|\d+) years\b|\bthroughout the\b"
    r"|\bin total\b|\btotal of \d+ [a-z ]{2,20} have\b|\bhas killed more than\b.{0,60}\b(?:years?"
    r"|war)\b"
    r"|\bwar has (?:killed|left|claimed)"
)


BEFORE_BRINGING = re.compile(
    r"\b(?:bringing|raising|taking|pushing) (?:the|its) (?:\w+ ){0,3}?"
    r"(?:total|toll|number|dead|deaths|count|tally)\b"
)


MORE_OF_THEM = re.compile(rf"\b{NUMBER} (?:more|further|others?)\b")
"""Who died later: the sum that is told behind them is that of the incident."""


FATAL_PART = re.compile(
    rf"\b(?P<n>{NUMBER}) casualties,? (?P<k>{NUMBER}) of (?:them|these) (?:fatal|dead|deaths)\b"
)


UNNUMBERED = re.compile(
    r"\b(?:others|civilians|people|residents|children|soldiers|villagers|women|passengers|workers"
    r"|several|many|some)"
    r" (?:others |more |people |civilians )?(?:have been |had been |were |are )?(?:also "
    r"|reportedly |seriously )?(?P<verb>killed|wounded|injured)\b"
    r"|\b(?P<verb2>wounding|injuring|wounded|injured) (?:several |many |some |a number of "
    r"|an unknown number of |an unspecified number of )?"
    r"(?:other )?(?:others|civilians|people|residents|children|soldiers|villagers)\b"
)


_LIMB = r"(?:legs?|arms?|hands?|foot|feet|eyes?|fingers?|face|head|forehead|shoulder|skull|ribs?|knees?|thigh|neck)"


MAIMED = re.compile(  # one person, told by what was hurt: "a driver lost a leg", "her arm was broken"
    r"\b(?:wounding|injuring|wounded|injured|injury of|injuries to)"
    r" (?:a (?:second|third|fourth|fifth)|another)(?! \d)\b"
    rf"|\b(?:lost|losing) (?:an?|his|her|one|both) (?:\w+ )?{_LIMB}\b"
    rf"|'s (?:\w+ )?{_LIMB} (?:was|were) (?:broken|cut|torn|blown|smashed|severed)"
    rf"|\bcut (?:an?|the|his|her) [\w ]{{1,30}}'s {_LIMB}\b"
    rf"|\b(?:has|had|have|with) (?:an? )?(?:cuts?|gash|splinters?|shrapnel) (?:on|in|to) (?:his|her|the|one) {_LIMB}\b"
    rf"|\b(?:broke|breaking) (?:his|her) {_LIMB}\b"
)


HEADLINE = re.compile(  # "Soldier killed in ..."
    r"(?:^|[.;:,] |\d/\d )(?P<who>(?:[a-z]+ )?(?:man|woman|child|boy|girl|infant|baby|toddler|teenager|civilian|soldier"
    r"|policeman|officer|journalist|paramedic|medic|farmer|fisherman|shepherd|guard|fighter|militant|commander|driver))"
    r" (?P<verb>killed|dead|wounded|injured|hurt|dies|shot dead)\b"
)


AS_MANY = re.compile(r"\b(?:wounding|injuring|wounded|injured|hurting|hurt) as many\b")
