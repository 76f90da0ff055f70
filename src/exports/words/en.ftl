# English. What a clinician reads in the report, and in a FHIR bundle. They speak of the patient.
#
# Placeholders such as { $time } stay as they are. A message with { $number -> ... } has a text for the number 1 and
# another one for every other number.

## The report as a whole

review = No clinician has reviewed these words.
title = Back spasms: what the patient recorded
footer = { $period }. Reported by the patient; nobody monitors this log. Not a medical device. Times: { $zone }.
born = born { $year }
from-to = { $from } to { $to }
up-to = Up to { $to }
page = Page { $number } of { $total }
missing-letter = □ stands for a character that this document has no letter for. Copied, it is what was typed.
qr-code = QR code
scan = Scan this code to open the log as it is then. It opens until { $until }.
scan-passcode = Scan this code to open the log as it is then. It opens until { $until }. It asks for a passcode, which the patient tells you.

## Dates and numbers

decimal-mark = .
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
weekday-time = { $weekday } { $time }
tick-day = { $day } { $month }
tick-month = { $month } { $year }
tick-hour = { $day } { $month } { $time }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
minutes = { $number } min
hours = { $number } h
hours-minutes = { $hours } h { $minutes } min
days =
    { $number ->
        [one] { $number } day
       *[other] { $number } days
    }
days-hours = { $days } days { $hours } h
episodes =
    { $number ->
        [one] { $number } episode
       *[other] { $number } episodes
    }
records =
    { $number ->
        [one] { $number } record
       *[other] { $number } records
    }
share = { $part } of { $all } ({ $percent } %)
share-of-few = { $part } of { $all }

## Words of many places

yes = yes
no = no
yes-on = yes, { $time }
no-on = no, { $time }
on = { $what } on { $time }
not-said = not said
not-asked = Not asked.
none = none
never = never
no-end = no end recorded
seen = Seen by a clinician on { $time }.

## Page one: who and when

notice = Reported by the patient. Nobody monitors this log, and no clinician has checked what it says.
fact-patient = Patient
fact-period = Period
fact-question = Question
fact-gaps = Gaps
period = { $period } ({ $days }). As of { $made }, { $zone }.
period-one-episode = { $period } ({ $days }; one episode only). As of { $made }, { $zone }.
gaps-empty = Nothing was recorded in this period. That does not mean that there was no pain.
gaps-silences =
    { $number ->
        [one] { $number } stretch
       *[other] { $number } stretches
    } of an episode with no record for over 24 h, the longest { $longest }
gaps-late = { $late } of { $all } entries made more than a day afterwards
gaps-no-score =
    { $number ->
        [one] { $number } episode
       *[other] { $number } episodes
    } without a score
gaps-no-end =
    { $number ->
        [one] { $number } use
       *[other] { $number } uses
    } of ice or heat without an end
gaps-none = No day of an episode is without a record; every entry was made within a day.

## Page one: warning signs

signs = Warning signs
signs-summary = Warning signs that were answered with yes, a current yes in bold.
signs-sign = Sign
signs-latest = Latest answer
signs-yes = Yes
signs-no = No
signs-first = First yes
signs-note = Note with a yes
signs-guide = The guide said
signs-skin = Skin after ice, heat
signs-dated = { $sign } ({ $day })
signs-none-asked = None of { $all } warning signs was asked in this period. That is not a no.
signs-all-no = { $asked } of { $all } warning signs asked, all answered no, last on: { $signs }.
signs-asked = { $asked } of { $all } warning signs asked.
signs-some-no = { $asked } of { $all } warning signs asked. { $no } only answered no, last on: { $signs }.
signs-unasked = { $number } not asked: { $signs }.
advised-on = “{ $advice }” on { $time }. { $then }
advised-times =
    “{ $advice }” { $number ->
        [one] once
       *[other] { $number } times
    }, last on { $time }. { $then }
not-seen-after = No visit to a clinician was recorded after it.
more-in-log = { $said }; { $number } more in the log

## Page one: now

now = Now
now-episode = Episode
now-pain = Pain
now-week = Last 7 days
now-function = Function
now-contact = Last contact
none-open = None open.
none-open-since = None open. The last one ended on { $day }.
last-score = last score { $score } on { $time }
no-score-yet = no score yet
open = Open, day { $day }: since { $since }; { $location }; { $score }.
open-after = Open, day { $day }: since { $since }, after “{ $trigger }”; { $location }; { $score }.
week-spasms =
    { $number ->
        [one] { $number } spasm
       *[other] { $number } spasms
    }
week-ice =
    ice { $number ->
        [one] once
       *[other] { $number } times
    }
week-heat =
    heat { $number ->
        [one] once
       *[other] { $number } times
    }
week-medicine =
    medicine on { $number ->
        [one] { $number } day
       *[other] { $number } days
    }
never-seen = No visit to a clinician was recorded in this period.
seen-recorded = Seen by a clinician on { $time }, as the patient recorded it.
function-last =
    kept from doing things { $last } of 10 on { $day }, highest { $worst }, median { $median } ({ $number ->
        [one] { $number } answer
       *[other] { $number } answers
    }; not a validated scale)
function-days-off =
    { $number ->
        [one] { $number } day
       *[other] { $number } days
    } off in the week before { $day }
function-peg = PEG { $last } of 10
function-peg-first = PEG { $last } of 10, first { $first }
below-knee-yes = goes below the knee ({ $day })
below-knee-no = does not go below the knee ({ $day })
eased-by-what = eased by { $what }
worse-with-what = worse with { $what }
scores =
    { $number ->
        [one] { $number } score
       *[other] { $number } scores
    }, highest { $highest }, median { $median }
no-score = no score

## Page one: medicines

medicines = Medicines, and the conditions that matter for them
medicines-none = No medicine or cream was recorded in this period.
medicines-summary = Medicines and creams, the one used last first.
medicines-name = Medicine
medicines-dose = Last dose
medicines-days = Days used
medicines-times = Times
medicines-last = Last
medicines-more = More
medicines-earlier =
    { $number ->
        [one] { $number } medicine
       *[other] { $number } medicines
    } used earlier: see the appendix.
medicines-unnamed = { $kind }, no name given
conditions = Conditions
conditions-none = None, as the patient answered.
conditions-more = { $said }; { $number } more, see the appendix.

## Page one: episodes and pain

halves = Episodes
halves-summary = The first half of the period beside the second.
halves-began = Episodes that began
halves-days = Days affected
halves-score = Score: median (highest)
in-all =
    In all { $episodes } began, with { $number ->
        [one] { $number } day
       *[other] { $number } days
    } affected
in-all-length = median length { $median }, longest { $longest }
in-all-interval = median time from start to start { $interval }
in-all-before =
    In the period of the same length before: { $episodes }, { $number ->
        [one] { $number } day
       *[other] { $number } days
    } affected.
in-all-year = In the last 365 days: { $episodes }.
pain = Pain, 0 (none) to 10 (worst imaginable)
pain-none = No pain score was recorded in this period.

## Page one: what was tried

tried = What was tried, and the score afterwards
tried-none = No ice, heat, cream or medicine was recorded in this period.
tried-summary = How often each treatment was used, and how the pain score changed.
tried-treatment = Treatment
tried-uses = Uses
tried-measured = Measured
tried-with = With something else too
tried-change = Median change of score
tried-lower = Score at least 2 lower afterwards
tried-too-few = too few to say
tried-how = Measured: a score in the 12 h before, and one 30 to 60 min after ice, heat or a cream, 1 to 3 h after a medicine. It says what followed, not what caused it.
tried-more = { $how } { $number } more in the appendix.

## Charts

chart-scores = Pain scores
chart-day = Highest score of each day, and the days with ice and heat
chart-week = Highest score of each week, and the weeks with ice and heat
chart-month = Highest score of each month, and the months with ice and heat
chart-episode = Episode { $number }: { $day }, { $length }
chart-episode-open = Episode { $number }: { $day }, no end
chart-dashed = { $title } (dashed: further spasm)
chart-range =
    { $number ->
        [one] { $number } pain score
       *[other] { $number } pain scores
    }, the first { $first } on { $first_at }, the highest { $highest } on { $highest_at }, the last { $last } on { $last_at }.
chart-empty = No pain score.
chart-words =
    Chart. { $title }. { $range } Ice { $ice ->
        [one] once
       *[other] { $ice } times
    }, heat { $heat ->
        [one] once
       *[other] { $heat } times
    }. The full log has every value.

## The appendix

appendix-episodes = Appendix: each episode
appendix-episodes-summary = Each episode of the period.
appendix-latest = The latest { $number } of { $all } episodes.
appendix-charts = Score over time, with ice and heat
episode-number = No.
episode-began = Began
episode-lasted = Lasted
episode-location = Location
episode-trigger = Trigger
episode-spasms = Spasms
episode-highest = Highest
episode-median = Median
appendix-places = Appendix: location and triggers
triggers-episodes = Triggers of episodes
triggers-none = none recorded
triggers-flares = Of further spasms
eased-by = Eased by
worse-with = Worse with
appendix-medicines = Appendix: medicines and creams
appendix-tried = Appendix: what was tried
appendix-advice = Appendix: urgent advice of the guide
advice-how = Computed for this report with the rule pack { $pack } at the time of each of { $records }. What the patient was told at the time may have differed.
advice-how-cut =
    Computed for this report with the rule pack { $pack } at the time of each of { $records }. { $older ->
        [one] { $older } older record
       *[other] { $older } older records
    } of long episodes were not asked about. What the patient was told at the time may have differed.
advice-summary = Urgent advice of the guide, emergencies first.
advice-advice = Advice
advice-urgency = How soon
advice-times = Times
advice-first = First
advice-last = Last
advice-rules = Rules
appendix-profile = Appendix: profile
profile-born = Year of birth
profile-aches = Aches in between
profile-changed = Last changed
appendix-about = Appendix: about this report
about-source = Everything here was entered by the patient and is unconfirmed. Nobody monitors the log, and nobody was alerted by it. The program that made this report is not a medical device.
about-numbers = Days are days of the time zone { $zone }. A median of an even number is the mean of the middle two. A day counts as affected when an episode was going on at any time of it; an episode without an end goes on. Spasms of an episode are its first and the further ones. Rule pack: { $pack }.

## The log

log-all = Appendix: the full log, newest first
log-recent = Appendix: the log of the last 30 days, newest first
log-newest = Appendix: the newest { $listed } of { $all } records
log-left-out = This report has room for the newest records only, back to { $oldest }. { $number } older ones are left out here and counted on the pages before. All are in the exports as html, csv, json and fhir, and in reports of shorter periods.
log-all-left-out = This report has no room for the records. { $number } are left out here and counted on the pages before. All are in the exports as html, csv, json and fhir, and in reports of shorter periods.
log-summary = Every record, the newest first.
log-when = When
log-what = What
log-as-recorded = As recorded
log-nothing = Nothing was recorded in this time.
log-late = Written down { $time }.
log-note = Note:
log-labelled = { $name }: { $value }
log-name = Name
log-dose = Dose
log-episode-until = { $place }; until { $end }, { $length }
log-episode-open = { $place }; no end recorded
log-until = Until { $end }, { $length }
cloth-yes = with a cloth between
cloth-no = straight on the skin
cloth-unsaid = cloth between: not said
line-score = { $score } of 10
line-yes = Yes: { $signs }
line-no = No: { $signs }
line-inflammation = Patient's impression: { $impression }
line-skin = Skin: { $skin }
line-function = Kept from doing things: { $score } of 10
line-days-off = Days off in the 7 days before: { $number }
line-side = Hurts: { $side }
line-below-knee-yes = Goes below the knee: yes
line-below-knee-no = Goes below the knee: no
line-peg = PEG { $score }: pain { $pain }, enjoyment of life { $enjoyment }, general activity { $activity }

## What the codes are called

location-back = back
location-leg = leg
location-back_and_leg = back and leg
location-front_thigh = front of the thigh
modality-ice = ice
modality-heat = heat
measure-rest = rest
measure-sleep = sleep
measure-medication = medicine
measure-topical = cream or rub
measure-stretching = stretching
measure-clinician_review = seen by a clinician
inflammation-present = inflamed
inflammation-reduced = less inflamed than before
inflammation-none = not inflamed
skin-normal = normal
skin-red = red
skin-numb = numb
skin-hives = hives
skin-blister = blister
skin-white_hard = white or hard
side-left = left side
side-right = right side
side-both = both sides
side-middle = middle
record-episode = episode
record-flare = further spasm
record-application = ice or heat
record-pain_score = pain score
record-check_in = answers
record-measure = measure
record-profile = profile
warning-future_fact_ignored = An entry with a time in the future was left out.
warning-bad_interval_ignored = An entry that ends before it starts was left out.
warning-time_zone_unknown = The patient's time zone is not known. Times may be wrong.
warning-open_application_assumed_ended = Ice or heat without an end was taken as over.
action-seek_emergency_care = Seek emergency care
action-see_clinician_urgent = Be checked today
action-see_clinician = See a clinician
action-remove_ice = Take the ice off
action-remove_heat = Take the heat off
action-remove_both = Take both off
action-continue_ice = Keep the ice on
action-continue_heat = Keep the heat on
action-apply_ice = Apply ice
action-apply_heat = Apply heat
action-wait = Wait
action-light_stretches = Light stretches
action-rest = Rest
action-check_in = Answer questions
action-none = Nothing to do
urgency-emergency = emergency
urgency-urgent = today
urgency-routine = in the coming days
urgency-self_care = self-care
symptom-saddle_numbness = saddle numbness or tingling
symptom-bladder_change = change in passing or feeling urine
symptom-bowel_change = change in bowel control or feeling
symptom-sexual_dysfunction = loss of sexual function or feeling
symptom-both_legs_symptoms = pain, tingling, weakness or numbness in both legs
symptom-leg_weakness_progressive = severe or growing weakness of a leg
symptom-major_trauma = serious accident
symptom-chest_pain = chest pain
symptom-aneurysm_signs = sudden severe tummy or back pain with faintness or clammy skin
symptom-severe_allergic_reaction = signs of a severe allergic reaction
symptom-fever = fever or feeling unwell
symptom-unexplained_weight_loss = weight loss without a reason
symptom-night_pain_unrelieved = pain at night, or not eased by rest
symptom-upper_back_pain = pain between the shoulders
symptom-lump_or_deformity = lump, swelling or changed shape
symptom-recent_infection = recent infection
symptom-worse_on_cough = worse on coughing, sneezing or straining
symptom-minor_trauma = small fall or strain
symptom-recent_spinal_procedure = recent procedure on the spine
symptom-inflammatory_pattern = pattern of inflammatory back pain
condition-cancer_history = cancer, now or in the past
condition-iv_drug_use = injecting drug use
condition-immune_suppressed = weak immune system
condition-osteoporosis = osteoporosis
condition-long_term_steroids = long-term steroids
condition-cold_urticaria = hives from cold
condition-raynaud = Raynaud's
condition-cryoglobulinaemia = cryoglobulinaemia
condition-cold_haemoglobinuria = paroxysmal cold haemoglobinuria
condition-cold_reaction_before = earlier reaction to cold
condition-impaired_sensation = impaired feeling in the skin
condition-poor_circulation = poor circulation
condition-open_wound_at_site = open wound at the site
condition-skin_infection_at_site = skin infection at the site
condition-bleeding_disorder = bleeding disorder
condition-anticoagulant = takes an anticoagulant
condition-dvt = deep-vein thrombosis
condition-cancer_at_site = cancer at the site
condition-heat_reaction_before = earlier reaction to heat
condition-pregnant = pregnant
condition-stomach_ulcer = stomach ulcer
condition-gi_bleed = earlier bleed of the stomach or bowel
condition-kidney_disease = kidney disease
condition-liver_disease = liver disease
condition-heart_failure = heart failure
condition-heart_disease = heart disease
condition-stroke = earlier stroke
condition-high_blood_pressure_uncontrolled = high blood pressure, not controlled
condition-asthma_nsaid_sensitive = asthma set off by anti-inflammatories
condition-nsaid_allergy = allergy to anti-inflammatories
condition-nsaid_intolerant = intolerance of anti-inflammatories
condition-taking_other_nsaid = takes another anti-inflammatory
condition-lumbar_stenosis = lumbar stenosis
condition-diabetes = diabetes
