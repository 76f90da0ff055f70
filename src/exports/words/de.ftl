# Deutsch. Was eine medizinische Fachperson im Bericht liest.
#
# Platzhalter wie { $time } bleiben, wie sie sind. Eine Meldung mit { $number -> ... } hat einen Text für die Zahl 1
# und einen für jede andere Zahl.

## Der Bericht im Ganzen

review = Diese Übersetzung hat niemand mit medizinischer Ausbildung geprüft.
title = Rückenkrämpfe: eigene Aufzeichnungen
footer = { $period }. Eigene Angaben; niemand überwacht sie. Kein Medizinprodukt. Zeiten: { $zone }.
born = geboren { $year }
from-to = { $from } bis { $to }
up-to = Bis { $to }
page = Seite { $number } von { $total }
missing-letter = □ steht für ein Zeichen, das in diesem Dokument nicht darstellbar ist. Kopiert ergibt es das eingegebene Zeichen.
qr-code = QR-Code
scan = Scannen Sie diesen Code, um den dann aktuellen Stand zu öffnen. Er öffnet bis { $until }.
scan-passcode = Scannen Sie diesen Code, um den dann aktuellen Stand zu öffnen. Er öffnet bis { $until } und fragt nach einem Kennwort, das Ihnen die Patientin oder der Patient sagt.

## Daten und Zahlen

decimal-mark = ,
date = { $day }. { $month } { $year }
date-time = { $date }, { $time }
weekday-time = { $weekday } { $time }
tick-day = { $day }. { $month }
tick-month = { $month } { $year }
tick-hour = { $day }. { $month } { $time }
month-1 = Jan.
month-2 = Feb.
month-3 = März
month-4 = Apr.
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = Aug.
month-9 = Sept.
month-10 = Okt.
month-11 = Nov.
month-12 = Dez.
weekday-1 = Mo
weekday-2 = Di
weekday-3 = Mi
weekday-4 = Do
weekday-5 = Fr
weekday-6 = Sa
weekday-7 = So
minutes = { $number } min
hours = { $number } h
hours-minutes = { $hours } h { $minutes } min
days =
    { $number ->
        [one] { $number } Tag
       *[other] { $number } Tage
    }
days-hours = { $days } Tage { $hours } h
episodes =
    { $number ->
        [one] { $number } Episode
       *[other] { $number } Episoden
    }
records =
    { $number ->
        [one] { $number } Eintrag
       *[other] { $number } Einträge
    }
share = { $part } von { $all } ({ $percent } %)
share-of-few = { $part } von { $all }

## Wörter an vielen Stellen

yes = ja
no = nein
yes-on = ja, { $time }
no-on = nein, { $time }
on = { $what } am { $time }
not-said = nicht angegeben
not-asked = Nicht gefragt.
none = keine
never = nie
no-end = kein Ende eingetragen
seen = Ärztlich oder therapeutisch gesehen am { $time }.

## Seite eins: wer und wann

notice = Eigene Angaben. Niemand überwacht dieses Protokoll, und niemand hat die Angaben medizinisch geprüft.
fact-patient = Person
fact-period = Zeitraum
fact-question = Frage
fact-gaps = Lücken
period = { $period } ({ $days }). Stand: { $made }, { $zone }.
period-one-episode = { $period } ({ $days }; nur eine Episode). Stand: { $made }, { $zone }.
gaps-empty = In diesem Zeitraum wurde nichts eingetragen. Das heißt nicht, dass es keine Schmerzen gab.
gaps-silences =
    { $number ->
        [one] { $number } Abschnitt
       *[other] { $number } Abschnitte
    } einer Episode mit über 24 h ohne Eintrag, längster { $longest }
gaps-late = { $late } von { $all } Einträgen mehr als einen Tag später gemacht
gaps-no-score =
    { $number ->
        [one] { $number } Episode
       *[other] { $number } Episoden
    } ohne Schmerzwert
gaps-no-end =
    { $number ->
        [one] { $number } Anwendung
       *[other] { $number } Anwendungen
    } von Eis oder Wärme ohne Ende
gaps-none = Jeder Tag einer Episode hat einen Eintrag; jeder Eintrag wurde innerhalb eines Tages gemacht.

## Seite eins: Warnzeichen

signs = Warnzeichen
signs-summary = Warnzeichen, die mit Ja beantwortet wurden; ein aktuelles Ja ist fett.
signs-sign = Zeichen
signs-latest = Letzte Antwort
signs-yes = Ja
signs-no = Nein
signs-first = Erstes Ja
signs-note = Notiz beim Ja
signs-guide = Der Leitfaden riet
signs-skin = Haut nach Eis, Wärme
signs-dated = { $sign } ({ $day })
signs-none-asked = Keines der { $all } Warnzeichen wurde in diesem Zeitraum abgefragt. Das ist kein Nein.
signs-all-no = { $asked } von { $all } Warnzeichen abgefragt, alle mit Nein beantwortet, zuletzt am: { $signs }.
signs-asked = { $asked } von { $all } Warnzeichen abgefragt.
signs-some-no = { $asked } von { $all } Warnzeichen abgefragt. { $no } nur mit Nein beantwortet, zuletzt am: { $signs }.
signs-unasked = { $number } nicht abgefragt: { $signs }.
advised-on = „{ $advice }“ am { $time }. { $then }
advised-times =
    „{ $advice }“ { $number ->
        [one] einmal
       *[other] { $number }-mal
    }, zuletzt am { $time }. { $then }
not-seen-after = Danach kein Arzt- oder Therapiebesuch eingetragen.
more-in-log = { $said }; { $number } weitere im Protokoll

## Seite eins: jetzt

now = Jetzt
now-episode = Episode
now-pain = Schmerz
now-week = Letzte 7 Tage
now-function = Einschränkung
now-contact = Letzter Kontakt
none-open = Keine offen.
none-open-since = Keine offen. Die letzte endete am { $day }.
last-score = letzter Wert { $score } am { $time }
no-score-yet = noch kein Wert
open = Offen, Tag { $day }: seit { $since }; { $location }; { $score }.
open-after = Offen, Tag { $day }: seit { $since }, nach „{ $trigger }“; { $location }; { $score }.
week-spasms =
    { $number ->
        [one] { $number } Krampf
       *[other] { $number } Krämpfe
    }
week-ice =
    Eis { $number ->
        [one] einmal
       *[other] { $number }-mal
    }
week-heat =
    Wärme { $number ->
        [one] einmal
       *[other] { $number }-mal
    }
week-medicine =
    Medikament an { $number ->
        [one] { $number } Tag
       *[other] { $number } Tagen
    }
never-seen = Kein Arzt- oder Therapiebesuch in diesem Zeitraum eingetragen.
seen-recorded = Ärztlich oder therapeutisch gesehen am { $time }, laut eigenem Eintrag.
function-last =
    im Alltag eingeschränkt { $last } von 10 am { $day }, höchster Wert { $worst }, Median { $median } ({ $number ->
        [one] { $number } Antwort
       *[other] { $number } Antworten
    }; keine validierte Skala)
function-days-off =
    { $number ->
        [one] { $number } Fehltag
       *[other] { $number } Fehltage
    } in der Woche vor dem { $day }
function-peg = PEG { $last } von 10
function-peg-first = PEG { $last } von 10, zuerst { $first }
below-knee-yes = strahlt unter das Knie aus ({ $day })
below-knee-no = strahlt nicht unter das Knie aus ({ $day })
eased-by-what = besser durch { $what }
worse-with-what = schlechter bei { $what }
scores =
    { $number ->
        [one] { $number } Wert
       *[other] { $number } Werte
    }, höchster { $highest }, Median { $median }
no-score = kein Wert

## Seite eins: Medikamente

medicines = Medikamente und die Vorerkrankungen, die dabei zählen
medicines-none = In diesem Zeitraum wurde weder ein Medikament noch eine Salbe eingetragen.
medicines-summary = Medikamente und Salben, das zuletzt benutzte zuerst.
medicines-name = Medikament
medicines-dose = Letzte Dosis
medicines-days = Tage
medicines-times = Male
medicines-last = Zuletzt
medicines-more = Weitere
medicines-earlier =
    { $number ->
        [one] { $number } früher benutztes Medikament
       *[other] { $number } früher benutzte Medikamente
    }: siehe Anhang.
medicines-unnamed = { $kind }, ohne Namen
conditions = Vorerkrankungen
conditions-none = Keine, laut eigener Angabe.
conditions-more = { $said }; { $number } weitere, siehe Anhang.

## Seite eins: Episoden und Schmerz

halves = Episoden
halves-summary = Die erste Hälfte des Zeitraums neben der zweiten.
halves-began = Begonnene Episoden
halves-days = Betroffene Tage
halves-score = Wert: Median (höchster)
in-all =
    Insgesamt begonnen: { $episodes }; { $number ->
        [one] { $number } betroffener Tag
       *[other] { $number } betroffene Tage
    }
in-all-length = Dauer im Median { $median }, längste { $longest }
in-all-interval = von Beginn zu Beginn im Median { $interval }
in-all-before =
    Im gleich langen Zeitraum davor: { $episodes }, { $number ->
        [one] { $number } betroffener Tag
       *[other] { $number } betroffene Tage
    }.
in-all-year = In den letzten 365 Tagen: { $episodes }.
pain = Schmerz, 0 (keiner) bis 10 (stärkster vorstellbarer)
pain-none = In diesem Zeitraum wurde kein Schmerzwert eingetragen.

## Seite eins: was versucht wurde

tried = Was versucht wurde, und der Wert danach
tried-none = In diesem Zeitraum wurden weder Eis, Wärme, Salbe noch Medikamente eingetragen.
tried-summary = Wie oft jede Behandlung benutzt wurde und wie sich der Schmerzwert änderte.
tried-treatment = Behandlung
tried-uses = Male
tried-measured = Gemessen
tried-with = Auch mit anderem
tried-change = Änderung im Median
tried-lower = Wert danach mindestens 2 tiefer
tried-too-few = zu wenige
tried-how = Gemessen: ein Wert in den 12 h davor und einer 30 bis 60 min nach Eis, Wärme oder Salbe, 1 bis 3 h nach einem Medikament. Das sagt, was folgte, nicht, was die Ursache war.
tried-more = { $how } { $number } weitere im Anhang.

## Diagramme

chart-scores = Schmerzwerte
chart-day = Höchster Wert jedes Tages und die Tage mit Eis und Wärme
chart-week = Höchster Wert jeder Woche und die Wochen mit Eis und Wärme
chart-month = Höchster Wert jedes Monats und die Monate mit Eis und Wärme
chart-episode = Episode { $number }: { $day }, { $length }
chart-episode-open = Episode { $number }: { $day }, ohne Ende
chart-dashed = { $title } (gestrichelt: weiterer Krampf)
chart-range =
    { $number ->
        [one] { $number } Schmerzwert
       *[other] { $number } Schmerzwerte
    }, der erste { $first } am { $first_at }, der höchste { $highest } am { $highest_at }, der letzte { $last } am { $last_at }.
chart-empty = Kein Schmerzwert.
chart-words =
    Diagramm. { $title }. { $range } Eis { $ice ->
        [one] einmal
       *[other] { $ice }-mal
    }, Wärme { $heat ->
        [one] einmal
       *[other] { $heat }-mal
    }. Das ganze Protokoll hat jeden Wert.

## Der Anhang

appendix-episodes = Anhang: jede Episode
appendix-episodes-summary = Jede Episode des Zeitraums.
appendix-latest = Die letzten { $number } von { $all } Episoden.
appendix-charts = Wert im Verlauf, mit Eis und Wärme
episode-number = Nr.
episode-began = Beginn
episode-lasted = Dauer
episode-location = Ort
episode-trigger = Auslöser
episode-spasms = Krämpfe
episode-highest = Höchst
episode-median = Median
appendix-places = Anhang: Ort und Auslöser
triggers-episodes = Auslöser der Episoden
triggers-none = keine eingetragen
triggers-flares = Weiterer Krämpfe
eased-by = Besser durch
worse-with = Schlechter bei
appendix-medicines = Anhang: Medikamente und Salben
appendix-tried = Anhang: was versucht wurde
appendix-advice = Anhang: dringender Rat des Leitfadens
advice-how = Für diesen Bericht mit dem Regelwerk { $pack } berechnet, zur Zeit jedes Eintrags ({ $records }). Der damals angezeigte Rat kann anders gelautet haben.
advice-how-cut =
    Für diesen Bericht mit dem Regelwerk { $pack } berechnet, zur Zeit jedes Eintrags ({ $records }). Nicht berücksichtigt: { $older ->
        [one] { $older } älterer Eintrag
       *[other] { $older } ältere Einträge
    } langer Episoden. Der damals angezeigte Rat kann anders gelautet haben.
advice-summary = Dringender Rat des Leitfadens, Notfälle zuerst.
advice-advice = Rat
advice-urgency = Wie bald
advice-times = Male
advice-first = Zuerst
advice-last = Zuletzt
advice-rules = Regeln
appendix-profile = Anhang: Profil
profile-born = Geburtsjahr
profile-aches = Schmerz dazwischen
profile-changed = Zuletzt geändert
appendix-about = Anhang: über diesen Bericht
about-source = Alles hier wurde von der Patientin oder dem Patienten selbst eingetragen und ist unbestätigt. Niemand überwacht das Protokoll, und niemand wurde dadurch benachrichtigt. Das Programm, das diesen Bericht erstellt hat, ist kein Medizinprodukt.
about-numbers = Tage sind Tage der Zeitzone { $zone }. Bei gerader Anzahl ist der Median das Mittel der beiden mittleren Werte. Ein Tag zählt als betroffen, wenn zu irgendeiner Zeit eine Episode andauerte; eine Episode ohne Ende dauert an. Krämpfe einer Episode sind ihr erster und alle weiteren. Regelwerk: { $pack }.

## Das Protokoll

log-all = Anhang: das ganze Protokoll, Neuestes zuerst
log-recent = Anhang: das Protokoll der letzten 30 Tage, Neuestes zuerst
log-newest = Anhang: die neuesten { $listed } von { $all } Einträgen
log-left-out = Dieser Bericht hat nur Platz für die neuesten Einträge, zurück bis { $oldest }. { $number } ältere fehlen hier und sind auf den Seiten davor mitgezählt. Alle stehen in den Exporten als html, csv, json und fhir und in Berichten über kürzere Zeiträume.
log-all-left-out = Dieser Bericht hat keinen Platz für die Einträge. { $number } fehlen hier und sind auf den Seiten davor mitgezählt. Alle stehen in den Exporten als html, csv, json und fhir und in Berichten über kürzere Zeiträume.
log-summary = Jeder Eintrag, der neueste zuerst.
log-when = Wann
log-what = Was
log-as-recorded = Wie eingetragen
log-nothing = In dieser Zeit wurde nichts eingetragen.
log-late = Eingetragen am { $time }.
log-note = Notiz:
log-labelled = { $name }: { $value }
log-name = Name
log-dose = Dosis
log-episode-until = { $place }; bis { $end }, { $length }
log-episode-open = { $place }; kein Ende eingetragen
log-until = Bis { $end }, { $length }
cloth-yes = mit einem Tuch dazwischen
cloth-no = direkt auf der Haut
cloth-unsaid = Tuch dazwischen: nicht angegeben
line-score = { $score } von 10
line-yes = Ja: { $signs }
line-no = Nein: { $signs }
line-inflammation = Eigener Eindruck: { $impression }
line-skin = Haut: { $skin }
line-function = Im Alltag eingeschränkt: { $score } von 10
line-days-off = Fehltage in den 7 Tagen davor: { $number }
line-side = Schmerz: { $side }
line-below-knee-yes = Strahlt unter das Knie aus: ja
line-below-knee-no = Strahlt unter das Knie aus: nein
line-peg = PEG { $score }: Schmerz { $pain }, Lebensfreude { $enjoyment }, allgemeine Aktivität { $activity }

## Wie die Codes heißen

location-back = Rücken
location-leg = Bein
location-back_and_leg = Rücken und Bein
location-front_thigh = vorderer Oberschenkel
modality-ice = Eis
modality-heat = Wärme
measure-rest = Ruhe
measure-sleep = Schlaf
measure-medication = Medikament
measure-topical = Salbe oder Einreibung
measure-stretching = Dehnen
measure-clinician_review = ärztlich oder therapeutisch gesehen
inflammation-present = entzündet
inflammation-reduced = weniger entzündet als zuvor
inflammation-none = nicht entzündet
skin-normal = normal
skin-red = rot
skin-numb = taub
skin-hives = Quaddeln
skin-blister = Blase
skin-white_hard = weiß oder hart
side-left = linke Seite
side-right = rechte Seite
side-both = beide Seiten
side-middle = Mitte
record-episode = Episode
record-flare = weiterer Krampf
record-application = Eis oder Wärme
record-pain_score = Schmerzwert
record-check_in = Antworten
record-measure = Maßnahme
record-profile = Profil
warning-future_fact_ignored = Ein Eintrag mit einer Zeit in der Zukunft wurde ausgelassen.
warning-bad_interval_ignored = Ein Eintrag, der vor seinem Beginn endet, wurde ausgelassen.
warning-time_zone_unknown = Die Zeitzone ist nicht bekannt. Zeiten können falsch sein.
warning-open_application_assumed_ended = Eis oder Wärme ohne Ende wurde als beendet angesehen.
action-seek_emergency_care = Notfallhilfe holen
action-see_clinician_urgent = Heute untersuchen lassen
action-see_clinician = Ärztlich abklären lassen
action-remove_ice = Eis abnehmen
action-remove_heat = Wärme abnehmen
action-remove_both = Beides abnehmen
action-continue_ice = Eis weiter auflegen
action-continue_heat = Wärme weiter auflegen
action-apply_ice = Eis auflegen
action-apply_heat = Wärme auflegen
action-wait = Warten
action-light_stretches = Leichtes Dehnen
action-rest = Ausruhen
action-check_in = Fragen beantworten
action-none = Nichts zu tun
urgency-emergency = Notfall
urgency-urgent = heute
urgency-routine = in den nächsten Tagen
urgency-self_care = Selbsthilfe
symptom-saddle_numbness = Taubheit oder Kribbeln im Reithosengebiet
symptom-bladder_change = Veränderung beim Wasserlassen oder im Harngefühl
symptom-bowel_change = Veränderung der Darmkontrolle oder des Gefühls
symptom-sexual_dysfunction = Verlust der sexuellen Funktion oder des Gefühls
symptom-both_legs_symptoms = Schmerz, Kribbeln, Schwäche, Taubheit beider Beine
symptom-leg_weakness_progressive = starke oder zunehmende Schwäche eines Beins
symptom-major_trauma = schwerer Unfall
symptom-chest_pain = Brustschmerz
symptom-aneurysm_signs = plötzlicher starker Bauch-/Rückenschmerz mit Schwäche oder kaltem Schweiß
symptom-severe_allergic_reaction = Zeichen einer schweren allergischen Reaktion
symptom-fever = Fieber oder Unwohlsein
symptom-unexplained_weight_loss = Gewichtsverlust ohne Grund
symptom-night_pain_unrelieved = Schmerz nachts, oder durch Ruhe nicht gelindert
symptom-upper_back_pain = Schmerz zwischen den Schulterblättern
symptom-lump_or_deformity = Knoten, Schwellung oder veränderte Form
symptom-recent_infection = kürzliche Infektion
symptom-worse_on_cough = stärker bei Husten, Niesen oder Pressen
symptom-minor_trauma = kleiner Sturz oder Zerrung
symptom-recent_spinal_procedure = kürzlicher Eingriff an der Wirbelsäule
symptom-inflammatory_pattern = Muster von entzündlichem Rückenschmerz
condition-cancer_history = Krebs, jetzt oder früher
condition-iv_drug_use = intravenöser Drogenkonsum
condition-immune_suppressed = schwaches Immunsystem
condition-osteoporosis = Osteoporose
condition-long_term_steroids = Kortison über lange Zeit
condition-cold_urticaria = Quaddeln durch Kälte
condition-raynaud = Raynaud-Syndrom
condition-cryoglobulinaemia = Kryoglobulinämie
condition-cold_haemoglobinuria = paroxysmale Kältehämoglobinurie
condition-cold_reaction_before = frühere Reaktion auf Kälte
condition-impaired_sensation = gestörtes Hautgefühl
condition-poor_circulation = schlechte Durchblutung
condition-open_wound_at_site = offene Wunde an der Stelle
condition-skin_infection_at_site = Hautinfektion an der Stelle
condition-bleeding_disorder = Blutungsneigung
condition-anticoagulant = nimmt einen Gerinnungshemmer
condition-dvt = tiefe Venenthrombose
condition-cancer_at_site = Krebs an der Stelle
condition-heat_reaction_before = frühere Reaktion auf Wärme
condition-pregnant = schwanger
condition-stomach_ulcer = Magengeschwür
condition-gi_bleed = frühere Blutung in Magen oder Darm
condition-kidney_disease = Nierenerkrankung
condition-liver_disease = Lebererkrankung
condition-heart_failure = Herzinsuffizienz
condition-heart_disease = Herzerkrankung
condition-stroke = früherer Schlaganfall
condition-high_blood_pressure_uncontrolled = nicht eingestellter Bluthochdruck
condition-asthma_nsaid_sensitive = Asthma durch Entzündungshemmer
condition-nsaid_allergy = Allergie gegen Entzündungshemmer
condition-nsaid_intolerant = Unverträglichkeit von Entzündungshemmern
condition-taking_other_nsaid = nimmt einen weiteren Entzündungshemmer
condition-lumbar_stenosis = lumbale Spinalkanalstenose
condition-diabetes = Diabetes
