# Español. Lo que lee un profesional sanitario en el informe.
#
# Los marcadores como { $time } se quedan como están. Un mensaje con { $number -> ... } tiene un texto para el número 1
# y otro para cualquier otro número.

## El informe entero

review = Ningún profesional sanitario ha revisado esta traducción.
title = Espasmos de espalda: lo que anotó el paciente
footer = { $period }. Datos del paciente; nadie los vigila. No es un producto sanitario. Horas: { $zone }.
born = nacido en { $year }
from-to = { $from } a { $to }
up-to = Hasta { $to }
page = Página { $number } de { $total }
missing-letter = □ representa un carácter que este documento no puede mostrar. Al copiarlo se obtiene lo que se escribió.
qr-code = Código QR
scan = Escanee este código para abrir el registro tal como esté entonces. Se abre hasta { $until }.
scan-passcode = Escanee este código para abrir el registro tal como esté entonces. Se abre hasta { $until }. Pide una contraseña, que le dirá el paciente.

## Fechas y números

decimal-mark = ,
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
weekday-time = { $weekday } { $time }
tick-day = { $day } { $month }
tick-month = { $month } { $year }
tick-hour = { $day } { $month } { $time }
month-1 = ene
month-2 = feb
month-3 = mar
month-4 = abr
month-5 = may
month-6 = jun
month-7 = jul
month-8 = ago
month-9 = sep
month-10 = oct
month-11 = nov
month-12 = dic
weekday-1 = lun
weekday-2 = mar
weekday-3 = mié
weekday-4 = jue
weekday-5 = vie
weekday-6 = sáb
weekday-7 = dom
minutes = { $number } min
hours = { $number } h
hours-minutes = { $hours } h { $minutes } min
days =
    { $number ->
        [one] { $number } día
       *[other] { $number } días
    }
days-hours = { $days } días { $hours } h
episodes =
    { $number ->
        [one] { $number } episodio
       *[other] { $number } episodios
    }
records =
    { $number ->
        [one] { $number } anotación
       *[other] { $number } anotaciones
    }
share = { $part } de { $all } ({ $percent } %)
share-of-few = { $part } de { $all }

## Palabras de muchos lugares

yes = sí
no = no
yes-on = sí, { $time }
no-on = no, { $time }
on = { $what } el { $time }
not-said = no indicado
not-asked = No se preguntó.
none = ninguno
never = nunca
no-end = sin final anotado
seen = Visto por un profesional el { $time }.

## Página uno: quién y cuándo

notice = Datos del paciente. Nadie vigila este registro y ningún profesional ha comprobado lo que dice.
fact-patient = Paciente
fact-period = Periodo
fact-question = Pregunta
fact-gaps = Lagunas
period = { $period } ({ $days }). A fecha de { $made }, { $zone }.
period-one-episode = { $period } ({ $days }; un solo episodio). A fecha de { $made }, { $zone }.
gaps-empty = No se anotó nada en este periodo. Eso no significa que no hubiera dolor.
gaps-silences =
    { $number ->
        [one] { $number } tramo
       *[other] { $number } tramos
    } de un episodio con más de 24 h sin anotaciones, el más largo de { $longest }
gaps-late = { $late } de { $all } anotaciones hechas más de un día después
gaps-no-score =
    { $number ->
        [one] { $number } episodio
       *[other] { $number } episodios
    } sin puntuación
gaps-no-end =
    { $number ->
        [one] { $number } uso
       *[other] { $number } usos
    } de hielo o calor sin final
gaps-none = Ningún día de un episodio está sin anotaciones; todas se hicieron en el plazo de un día.

## Página uno: señales de alarma

signs = Señales de alarma
signs-summary = Señales de alarma con respuesta afirmativa; en negrita las actuales.
signs-sign = Señal
signs-latest = Última respuesta
signs-yes = Sí
signs-no = No
signs-first = Primer sí
signs-note = Nota con un sí
signs-guide = La guía indicó
signs-skin = Piel tras hielo, calor
signs-dated = { $sign } ({ $day })
signs-none-asked = No se preguntó por ninguna de las { $all } señales de alarma en este periodo. Eso no es un no.
signs-all-no = Se preguntó por { $asked } de { $all } señales de alarma, todas con respuesta no, por última vez el: { $signs }.
signs-asked = Se preguntó por { $asked } de { $all } señales de alarma.
signs-some-no = Se preguntó por { $asked } de { $all } señales de alarma. { $no } solo con respuesta no, por última vez el: { $signs }.
signs-unasked = { $number } sin preguntar: { $signs }.
advised-on = «{ $advice }» el { $time }. { $then }
advised-times =
    «{ $advice }» { $number ->
        [one] una vez
       *[other] { $number } veces
    }, la última el { $time }. { $then }
not-seen-after = Después no se anotó visita a un profesional.
more-in-log = { $said }; { $number } más en el registro

## Página uno: ahora

now = Ahora
now-episode = Episodio
now-pain = Dolor
now-week = Últimos 7 días
now-function = Función
now-contact = Último contacto
none-open = Ninguno abierto.
none-open-since = Ninguno abierto. El último terminó el { $day }.
last-score = última puntuación { $score } el { $time }
no-score-yet = aún sin puntuación
open = Abierto, día { $day }: desde { $since }; { $location }; { $score }.
open-after = Abierto, día { $day }: desde { $since }, tras «{ $trigger }»; { $location }; { $score }.
week-spasms =
    { $number ->
        [one] { $number } espasmo
       *[other] { $number } espasmos
    }
week-ice =
    hielo { $number ->
        [one] una vez
       *[other] { $number } veces
    }
week-heat =
    calor { $number ->
        [one] una vez
       *[other] { $number } veces
    }
week-medicine =
    medicamento { $number ->
        [one] { $number } día
       *[other] { $number } días
    }
never-seen = Ninguna visita a un profesional anotada en este periodo.
seen-recorded = Visto por un profesional el { $time }, según el paciente.
function-last =
    limitación { $last } de 10 el { $day }, máxima { $worst }, mediana { $median } ({ $number ->
        [one] { $number } respuesta
       *[other] { $number } respuestas
    }; no validada)
function-days-off =
    { $number ->
        [one] { $number } día
       *[other] { $number } días
    } de baja en la semana anterior al { $day }
function-peg = PEG { $last } de 10
function-peg-first = PEG { $last } de 10, la primera { $first }
below-knee-yes = baja de la rodilla ({ $day })
below-knee-no = no baja de la rodilla ({ $day })
eased-by-what = mejora con { $what }
worse-with-what = empeora con { $what }
scores =
    { $number ->
        [one] { $number } puntuación
       *[other] { $number } puntuaciones
    }, máxima { $highest }, mediana { $median }
no-score = sin puntuación

## Página uno: medicamentos

medicines = Medicamentos y afecciones relevantes
medicines-none = No se anotó ningún medicamento ni crema en este periodo.
medicines-summary = Medicamentos y cremas, primero el usado más recientemente.
medicines-name = Medicamento
medicines-dose = Última dosis
medicines-days = Días
medicines-times = Veces
medicines-last = Último
medicines-more = Más
medicines-earlier =
    { $number ->
        [one] { $number } medicamento usado antes
       *[other] { $number } medicamentos usados antes
    }: véase el apéndice.
medicines-unnamed = { $kind }, sin nombre
conditions = Afecciones
conditions-none = Ninguna, según respondió el paciente.
conditions-more = { $said }; { $number } más, véase el apéndice.

## Página uno: episodios y dolor

halves = Episodios
halves-summary = La primera mitad del periodo junto a la segunda.
halves-began = Episodios que empezaron
halves-days = Días afectados
halves-score = Puntuación: mediana (máxima)
in-all =
    En total empezaron: { $episodes }, con { $number ->
        [one] { $number } día afectado
       *[other] { $number } días afectados
    }
in-all-length = duración mediana { $median }, máxima { $longest }
in-all-interval = mediana de inicio a inicio { $interval }
in-all-before =
    En el periodo anterior de igual duración: { $episodes }, { $number ->
        [one] { $number } día afectado
       *[other] { $number } días afectados
    }.
in-all-year = En los últimos 365 días: { $episodes }.
pain = Dolor, 0 (ninguno) a 10 (el peor imaginable)
pain-none = No se anotó ninguna puntuación de dolor en este periodo.

## Página uno: lo que se probó

tried = Lo que se probó y la puntuación posterior
tried-none = No se anotó hielo, calor, crema ni medicamento en este periodo.
tried-summary = Cuántas veces se usó cada tratamiento y cómo cambió la puntuación de dolor.
tried-treatment = Tratamiento
tried-uses = Usos
tried-measured = Medidos
tried-with = También con otra cosa
tried-change = Cambio mediano
tried-lower = Al menos 2 menos después
tried-too-few = muy pocos
tried-how = Medidos: una puntuación en las 12 h previas y otra de 30 a 60 min tras hielo, calor o crema, de 1 a 3 h tras un medicamento. Dice lo que siguió, no la causa.
tried-more = { $how } { $number } más en el apéndice.

## Gráficos

chart-scores = Puntuaciones de dolor
chart-day = Puntuación máxima de cada día y días con hielo y calor
chart-week = Puntuación máxima de cada semana y semanas con hielo y calor
chart-month = Puntuación máxima de cada mes y meses con hielo y calor
chart-episode = Episodio { $number }: { $day }, { $length }
chart-episode-open = Episodio { $number }: { $day }, sin final
chart-dashed = { $title } (línea discontinua: nuevo espasmo)
chart-range =
    { $number ->
        [one] { $number } puntuación
       *[other] { $number } puntuaciones
    } de dolor, la primera { $first } el { $first_at }, la máxima { $highest } el { $highest_at }, la última { $last } el { $last_at }.
chart-empty = Sin puntuación de dolor.
chart-words =
    Gráfico. { $title }. { $range } Hielo { $ice ->
        [one] una vez
       *[other] { $ice } veces
    }, calor { $heat ->
        [one] una vez
       *[other] { $heat } veces
    }. El registro completo tiene todos los valores.

## El apéndice

appendix-episodes = Apéndice: cada episodio
appendix-episodes-summary = Cada episodio del periodo.
appendix-latest = Los últimos { $number } de { $all } episodios.
appendix-charts = Puntuación en el tiempo, con hielo y calor
episode-number = N.º
episode-began = Inicio
episode-lasted = Duración
episode-location = Lugar
episode-trigger = Causa
episode-spasms = Total
episode-highest = Máx.
episode-median = Med.
appendix-places = Apéndice: lugar y desencadenantes
triggers-episodes = Causas de episodios
triggers-none = ninguna anotada
triggers-flares = De nuevos espasmos
eased-by = Mejora con
worse-with = Empeora con
appendix-medicines = Apéndice: medicamentos y cremas
appendix-tried = Apéndice: lo que se probó
appendix-advice = Apéndice: consejos urgentes de la guía
advice-how = Calculado para este informe con el conjunto de reglas { $pack } en el momento de cada anotación ({ $records }). Lo que se dijo entonces al paciente pudo ser distinto.
advice-how-cut =
    Calculado para este informe con el conjunto de reglas { $pack } en el momento de cada anotación ({ $records }). Sin considerar: { $older ->
        [one] { $older } anotación anterior
       *[other] { $older } anotaciones anteriores
    } de episodios largos. Lo que se dijo entonces al paciente pudo ser distinto.
advice-summary = Consejos urgentes de la guía, primero las emergencias.
advice-advice = Consejo
advice-urgency = Cuándo
advice-times = Veces
advice-first = Primero
advice-last = Último
advice-rules = Reglas
appendix-profile = Apéndice: perfil
profile-born = Año de nacimiento
profile-aches = Dolor entre medias
profile-changed = Último cambio
appendix-about = Apéndice: sobre este informe
about-source = Todo lo que aparece aquí lo anotó el paciente y no está confirmado. Nadie vigila el registro y nadie recibió avisos por él. El programa que hizo este informe no es un producto sanitario.
about-numbers = Los días son días de la zona horaria { $zone }. La mediana de un número par es la media de los dos valores centrales. Un día cuenta como afectado si en algún momento duraba un episodio; un episodio sin final continúa. Los espasmos de un episodio son el primero y los siguientes. Conjunto de reglas: { $pack }.

## El registro

log-all = Apéndice: el registro completo, lo más reciente primero
log-recent = Apéndice: el registro de los últimos 30 días, lo más reciente primero
log-newest = Apéndice: las { $listed } anotaciones más recientes de { $all }
log-left-out = En este informe solo caben las anotaciones más recientes, hasta { $oldest }. { $number } más antiguas no aparecen aquí y se cuentan en las páginas anteriores. Todas están en las exportaciones html, csv, json y fhir, y en informes de periodos más cortos.
log-all-left-out = En este informe no caben las anotaciones. { $number } no aparecen aquí y se cuentan en las páginas anteriores. Todas están en las exportaciones html, csv, json y fhir, y en informes de periodos más cortos.
log-summary = Todas las anotaciones, la más reciente primero.
log-when = Cuándo
log-what = Qué
log-as-recorded = Tal como se anotó
log-nothing = No se anotó nada en este tiempo.
log-late = Anotado el { $time }.
log-note = Nota:
log-labelled = { $name }: { $value }
log-name = Nombre
log-dose = Dosis
log-episode-until = { $place }; hasta { $end }, { $length }
log-episode-open = { $place }; sin final anotado
log-until = Hasta { $end }, { $length }
cloth-yes = con un paño en medio
cloth-no = directamente sobre la piel
cloth-unsaid = paño en medio: no indicado
line-score = { $score } de 10
line-yes = Sí: { $signs }
line-no = No: { $signs }
line-inflammation = Impresión del paciente: { $impression }
line-skin = Piel: { $skin }
line-function = Limitación en las actividades: { $score } de 10
line-days-off = Días de baja en los 7 días anteriores: { $number }
line-side = Duele: { $side }
line-below-knee-yes = Baja de la rodilla: sí
line-below-knee-no = Baja de la rodilla: no
line-peg = PEG { $score }: dolor { $pain }, disfrute de la vida { $enjoyment }, actividad general { $activity }

## Cómo se llaman los códigos

location-back = espalda
location-leg = pierna
location-back_and_leg = espalda y pierna
location-front_thigh = parte delantera del muslo
modality-ice = hielo
modality-heat = calor
measure-rest = reposo
measure-sleep = sueño
measure-medication = medicamento
measure-topical = crema o pomada
measure-stretching = estiramientos
measure-clinician_review = visto por un profesional
inflammation-present = inflamado
inflammation-reduced = menos inflamado que antes
inflammation-none = no inflamado
skin-normal = normal
skin-red = roja
skin-numb = dormida
skin-hives = ronchas
skin-blister = ampolla
skin-white_hard = blanca o dura
side-left = lado izquierdo
side-right = lado derecho
side-both = ambos lados
side-middle = en medio
record-episode = episodio
record-flare = nuevo espasmo
record-application = hielo o calor
record-pain_score = puntuación de dolor
record-check_in = respuestas
record-measure = medida
record-profile = perfil
warning-future_fact_ignored = Se omitió una anotación con una hora futura.
warning-bad_interval_ignored = Se omitió una anotación que termina antes de empezar.
warning-time_zone_unknown = No se conoce la zona horaria del paciente. Las horas pueden ser erróneas.
warning-open_application_assumed_ended = Se dio por terminado un hielo o calor sin final.
action-seek_emergency_care = Buscar atención de urgencia
action-see_clinician_urgent = Ser examinado hoy
action-see_clinician = Acudir a un profesional
action-remove_ice = Quitar el hielo
action-remove_heat = Quitar el calor
action-remove_both = Quitar ambos
action-continue_ice = Mantener el hielo
action-continue_heat = Mantener el calor
action-apply_ice = Aplicar hielo
action-apply_heat = Aplicar calor
action-wait = Esperar
action-light_stretches = Estiramientos suaves
action-rest = Descansar
action-check_in = Responder preguntas
action-none = Nada que hacer
urgency-emergency = emergencia
urgency-urgent = hoy
urgency-routine = en los próximos días
urgency-self_care = autocuidado
symptom-saddle_numbness = adormecimiento u hormigueo en silla de montar
symptom-bladder_change = cambio al orinar o al sentir la orina
symptom-bowel_change = cambio en el control o la sensación del intestino
symptom-sexual_dysfunction = pérdida de función o sensación sexual
symptom-both_legs_symptoms = dolor, hormigueo, debilidad o adormecimiento en ambas piernas
symptom-leg_weakness_progressive = debilidad grave o creciente de una pierna
symptom-major_trauma = accidente grave
symptom-chest_pain = dolor torácico
symptom-aneurysm_signs = dolor súbito e intenso de abdomen o espalda con mareo o piel húmeda
symptom-severe_allergic_reaction = signos de una reacción alérgica grave
symptom-fever = fiebre o malestar
symptom-unexplained_weight_loss = pérdida de peso sin motivo
symptom-night_pain_unrelieved = dolor nocturno o que no cede con el reposo
symptom-upper_back_pain = dolor entre los omóplatos
symptom-lump_or_deformity = bulto, hinchazón o cambio de forma
symptom-recent_infection = infección reciente
symptom-worse_on_cough = peor al toser, estornudar o hacer fuerza
symptom-minor_trauma = caída leve o tirón
symptom-recent_spinal_procedure = procedimiento reciente en la columna
symptom-inflammatory_pattern = patrón de dolor de espalda inflamatorio
condition-cancer_history = cáncer, ahora o en el pasado
condition-iv_drug_use = uso de drogas inyectadas
condition-immune_suppressed = defensas débiles
condition-osteoporosis = osteoporosis
condition-long_term_steroids = corticoides a largo plazo
condition-cold_urticaria = ronchas por frío
condition-raynaud = síndrome de Raynaud
condition-cryoglobulinaemia = crioglobulinemia
condition-cold_haemoglobinuria = hemoglobinuria paroxística por frío
condition-cold_reaction_before = reacción anterior al frío
condition-impaired_sensation = sensibilidad alterada en la piel
condition-poor_circulation = mala circulación
condition-open_wound_at_site = herida abierta en la zona
condition-skin_infection_at_site = infección de la piel en la zona
condition-bleeding_disorder = trastorno de la coagulación
condition-anticoagulant = toma un anticoagulante
condition-dvt = trombosis venosa profunda
condition-cancer_at_site = cáncer en la zona
condition-heat_reaction_before = reacción anterior al calor
condition-pregnant = embarazo
condition-stomach_ulcer = úlcera de estómago
condition-gi_bleed = hemorragia digestiva anterior
condition-kidney_disease = enfermedad renal
condition-liver_disease = enfermedad hepática
condition-heart_failure = insuficiencia cardíaca
condition-heart_disease = enfermedad cardíaca
condition-stroke = ictus anterior
condition-high_blood_pressure_uncontrolled = hipertensión no controlada
condition-asthma_nsaid_sensitive = asma por antiinflamatorios
condition-nsaid_allergy = alergia a los antiinflamatorios
condition-nsaid_intolerant = intolerancia a los antiinflamatorios
condition-taking_other_nsaid = toma otro antiinflamatorio
condition-lumbar_stenosis = estenosis lumbar
condition-diabetes = diabetes
