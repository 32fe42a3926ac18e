"""The standard catalogue: data, in Dutch and English. A task with a reason is one that is not included."""

from typing import Any

STANDARD: list[dict[str, Any]] = [
    {
        "code": "cleaning", "name_nl": "Schoonmaken in huis", "name_en": "Cleaning at home",
        "intro_nl": "Keuken, badkamer, vloeren, ramen aan de binnenkant.",
        "intro_en": "Kitchen, bathroom, floors, windows on the inside.",
        "skill": "cleaning", "vat_class": "cleaning_inside_dwelling", "min_minutes": 120, "max_crew": 2, "icon": "sparkles",
        "tasks": [
            ("kitchen", "Keuken", "Kitchen", "", ""),
            ("bathroom", "Badkamer en wc", "Bathroom and toilet", "", ""),
            ("floors", "Vloeren", "Floors", "", ""),
            ("windows-inside", "Ramen aan de binnenkant", "Windows on the inside", "", ""),
            ("laundry", "Was en strijk", "Washing and ironing", "", ""),
            ("windows-outside", "Ramen aan de buitenkant", "Windows on the outside",
             "Ramen buiten hebben een ander btw-tarief. Kies daarvoor 'Ramen buiten'.",
             "Windows outside have another VAT rate. Choose 'Windows outside' for these."),
            ("after-fire", "Na brand, water of een overlijden", "After fire, flood or a death",
             "Dit is werk voor een vakbedrijf. Bel ons, wij helpen u zoeken.",
             "This is work for a specialist. Call us, we help you find one."),
        ],
    },
    {
        "code": "windows", "name_nl": "Ramen buiten", "name_en": "Windows outside",
        "intro_nl": "Ramen aan de buitenkant, tot waar een trap van twee meter komt.",
        "intro_en": "Windows on the outside, as far as a two-metre ladder reaches.",
        "skill": "cleaning", "vat_class": "windows_outside", "min_minutes": 120, "max_crew": 2, "icon": "square",
        "tasks": [
            ("ground-floor", "Begane grond", "Ground floor", "", ""),
            ("first-floor", "Eerste verdieping van binnenuit", "First floor from inside", "", ""),
            ("high", "Hoger dan twee meter van buiten", "Higher than two metres from outside",
             "Dat is niet veilig zonder hoogwerker. Vraag een glazenwasser.",
             "That is not safe without a lift. Ask a window cleaner."),
        ],
    },
    {
        "code": "moving", "name_nl": "Verhuizen", "name_en": "Moving house",
        "intro_nl": "Inpakken, tillen, uitpakken. Wij rijden niet.",
        "intro_en": "Packing, lifting, unpacking. We do not drive.",
        "skill": "moving", "vat_class": "moving", "min_minutes": 120, "max_crew": 4, "icon": "package",
        "certificates": [],
        "tasks": [
            ("packing", "Inpakken", "Packing", "", ""),
            ("lifting", "Tillen en dragen", "Lifting and carrying", "", ""),
            ("unpacking", "Uitpakken", "Unpacking", "", ""),
            ("piano", "Een piano of kluis", "A piano or a safe",
             "Zwaarder dan 100 kilo tillen wij niet. Vraag een verhuisbedrijf.",
             "We do not lift over 100 kilos. Ask a removal firm."),
            ("driving", "Rijden", "Driving",
             "Onze mensen rijden niet met spullen van klanten. Huur een bus met chauffeur.",
             "Our people do not drive customers' goods. Hire a van with a driver."),
        ],
    },
    {
        "code": "small-jobs", "name_nl": "Klusjes", "name_en": "Small jobs",
        "intro_nl": "Een lamp ophangen, een kast in elkaar zetten, de tuin netjes maken.",
        "intro_en": "Hanging a lamp, putting a cupboard together, tidying the garden.",
        "skill": "small_jobs", "vat_class": "small_jobs", "min_minutes": 120, "max_crew": 2, "icon": "hammer",
        "tasks": [
            ("furniture", "Meubels in elkaar zetten", "Putting furniture together", "", ""),
            ("lamp", "Lampen en planken ophangen", "Hanging lamps and shelves", "", ""),
            ("garden", "Licht tuinwerk", "Light garden work", "", ""),
            ("electric", "Elektra of gas", "Electricity or gas",
             "Dat mag alleen een erkende installateur.", "Only a certified installer may do that."),
        ],
    },
    {
        "code": "presence", "name_nl": "Aanwezig zijn", "name_en": "Being there",
        "intro_nl": "Gastheer, huismeester, oppassen op een huis dat verbouwd wordt. Geen bewaking.",
        "intro_en": "Host, caretaker, minding a house that is being renovated. Not guarding.",
        "skill": "presence", "vat_class": "presence", "min_minutes": 120, "max_crew": 4, "icon": "door-open",
        "tasks": [
            ("host", "Mensen ontvangen", "Receiving people", "", ""),
            ("open-close", "Openen en sluiten", "Opening and closing", "", ""),
            ("remove-people", "Mensen wegsturen of fouilleren", "Sending people away or searching them",
             "Dat is bewaking. Kies 'Bewaken'.", "That is guarding. Choose 'Guarding'."),
        ],
    },
    {
        "code": "guarding", "name_nl": "Bewaken", "name_en": "Guarding",
        "intro_nl": "Toezicht op een terrein of gebouw, door mensen met een pas.",
        "intro_en": "Watching a site or building, by people with a pass.",
        "skill": "guarding", "vat_class": "guarding", "min_minutes": 120, "max_crew": 4, "icon": "shield",
        "needs_guarding_permit": True,
        "tasks": [
            ("rounds", "Rondes lopen", "Walking rounds", "", ""),
            ("gate", "Bij de poort", "At the gate", "", ""),
            ("weapons", "Werk met wapens of honden", "Work with weapons or dogs",
             "Dat doen wij niet.", "We do not do that."),
        ],
    },
]  # fmt: skip
