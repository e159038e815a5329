"""The vocabulary: which words of a prompt mean which colour, hour, weather, place, subject or style."""

from __future__ import annotations

from core.providers.demo.palette import Colour, hexed


def _index(table: dict[str, str]) -> dict[str, str]:
    """Turns `meaning -> "word, two words"` round, into `phrase -> meaning`."""
    return {phrase.strip(): name for name, phrases in table.items() for phrase in phrases.split(",")}


COLOURS: dict[str, Colour] = {
    word: hexed(code)
    for code, words in {
        "c8321f": "red crimson scarlet ruby vermilion",
        "e8742a": "orange amber tangerine copper ginger",
        "e2ab30": "gold golden yellow honey mustard saffron",
        "5f9c3c": "green lime olive moss jade",
        "2e8b6a": "emerald",
        "1f9a9c": "teal turquoise aqua",
        "35b0d8": "cyan azure",
        "2b5fc4": "blue cobalt sapphire navy ultramarine",
        "4a45a8": "indigo",
        "7c48b8": "purple violet lilac lavender mauve",
        "d83c98": "magenta fuchsia",
        "ec8aac": "pink rose rosy coral blush",
        "f2efe8": "white ivory pearl cream snowy",
        "2e2c36": "black ebony onyx obsidian",
        "8c9098": "grey gray silver silvery ash",
        "7c5436": "brown bronze chestnut sepia chocolate",
    }.items()
    for word in words.split()
}

HOURS = _index({
    "dawn": "dawn, sunrise, daybreak, morning, early light",
    "day": "day, noon, midday, afternoon, daylight, sunny, bright, summer, spring",
    "sunset": "sunset, sundown, golden hour, evening, autumn, fall",
    "dusk": "dusk, twilight, blue hour, gloaming",
    "night": "night, midnight, nighttime, nocturnal, dark, moonlit, starry, starlit, moon, full moon, moonlight, "
    "stars, aurora, northern lights, aurora borealis, polar lights, milky way, firefly, fireworks",
})  # fmt: skip

WEATHERS = _index({
    "storm": "storm, stormy, thunder, thunderstorm, lightning, tempest, hurricane, gale",
    "rain": "rain, rainy, raining, drizzle, downpour, wet",
    "snow": "snow, snowy, snowing, snowfall, blizzard, winter, wintry, frost, frozen, ice, icy, arctic",
    "fog": "fog, foggy, mist, misty, haze, hazy",
    "cloudy": "cloudy, overcast, clouds, cloud",
    "clear": "clear, cloudless",
})  # fmt: skip

SKY = _index({
    "sun": "sun, sunshine, sunny",
    "moon": "moon, full moon, crescent, moonlit, moonlight",
    "stars": "star, stars, starry, starlit, constellation, milky way",
    "aurora": "aurora, northern lights, aurora borealis, polar lights",
    "rainbow": "rainbow",
    "clouds": "cloud, clouds, cloudy",
})  # fmt: skip

GROUNDS = _index({
    "sea": "sea, ocean, lake, river, water, waves, wave, coast, harbor, harbour, bay, fjord, pond, venice",
    "meadow": "meadow, field, fields, garden, park, grass, countryside, hills, hill, valley, farm, "
    "prairie, plain, village",
    "desert": "desert, sand, dune, dunes, sahara, beach, mars, seaside, shore",
    "snow": "snow, snowy, winter, arctic, blizzard, ice, glacier, frozen, tundra",
    "road": "street, road, highway, alley, avenue",
    "room": "room, library, kitchen, cafe, bookshop, study, office, studio, interior, indoors, workshop, bookstore",
    "space": "space, galaxy, cosmos, nebula, universe, planet, planets, orbit, outer space, on the moon",
    "deep": "underwater, undersea, reef, coral reef, aquarium, deep sea, under the sea, seabed",
})  # fmt: skip

BACKDROPS = _index({
    "mountains": "mountain, mountains, alps, peak, peaks, himalaya, fjord, cliffs, canyon, volcano, alpine",
    "ocean": "beach, seaside, shore",
    "forest": "forest, woods, woodland, jungle, pines, grove, rainforest",
    "skyline": "city, skyline, metropolis, downtown, skyscraper, skyscrapers, town, cityscape, cyberpunk, "
    "new york, tokyo, london, street, harbour, harbor",
})  # fmt: skip

SUBJECTS = _index({
    "lighthouse": "lighthouse, light house, beacon",
    "boat": "boat, sailboat, sailing boat, ship, sailing ship, yacht, galleon, sail, dinghy",
    "island": "island, islet, atoll",
    "whale": "whale, dolphin, orca",
    "house": "house, cottage, cabin, hut, farmhouse, barn",
    "castle": "castle, fortress, palace, citadel, tower",
    "windmill": "windmill, mill",
    "temple": "temple, pagoda, shrine, monastery",
    "bridge": "bridge, viaduct",
    "car": "car, automobile, sports car, taxi, truck, van, vehicle",
    "rocket": "rocket, spaceship, spacecraft, starship, space ship",
    "balloon": "balloon, hot air balloon, airship",
    "robot": "robot, android, cyborg, automaton, mech",
    "person": "person, man, woman, boy, girl, knight, wizard, witch, samurai, warrior, traveller, wanderer, "
    "child, king, queen, princess, monk, hiker, explorer",
    "astronaut": "astronaut, cosmonaut, spaceman",
    "portrait": "portrait, face, selfie, headshot, self portrait",
    "tree": "tree, oak, cherry tree, maple, willow, cherry blossom, bonsai",
    "palm": "palm, palms, palm tree",
    "flower": "flower, sunflower, rose bush, tulip, daisy, poppy, blossom, lily, wildflower",
    "mushroom": "mushroom, toadstool, fungus",
    "cactus": "cactus, cacti, saguaro",
    "fox": "fox, vixen",
    "wolf": "wolf, coyote, husky",
    "cat": "cat, kitten, kitty, tabby",
    "dog": "dog, puppy, corgi, hound, terrier",
    "rabbit": "rabbit, bunny, hare",
    "owl": "owl, penguin, parrot",
    "horse": "horse, pony, stallion, mare, zebra, donkey",
    "unicorn": "unicorn, pegasus",
    "deer": "deer, stag, elk, moose, reindeer, antelope",
    "bird": "bird, seagull, gull, crow, raven, eagle, hawk, swallow, crane, swan, duck, goose, geese",
    "fish": "fish, goldfish, koi, salmon, shark",
    "butterfly": "butterfly, butterflies, moth",
    "dragon": "dragon, wyvern, drake",
    "fruit": "fruit, bowl of fruit, apple, orange fruit, pear, grapes, fruit bowl, still life, fruits",
    "teapot": "teapot, tea pot, kettle, tea",
    "cup": "cup, mug, coffee, espresso, teacup, cappuccino",
    "vase": "vase, bouquet, flowers in a vase",
    "books": "book, books, novel, tome",
    "candle": "candle, candles, candlelight, lantern",
})  # fmt: skip

STYLES = _index({
    "watercolor": "watercolor, watercolour, aquarelle, gouache, wash",
    "oil": "oil, oil painting, oils, impressionist, impressionism, van gogh, impasto, acrylic, painterly",
    "pixel": "pixel, pixel art, pixelated, 8 bit, 16 bit, 8bit, 16bit, retro game",
    "line": "line art, lineart, line drawing, sketch, pencil, ink, engraving, pen and ink, line",
    "cartoon": "cartoon, comic, pop art, cel shaded, flat, sticker, toon",
    "photo": "photorealistic, photo, photograph, photography, realistic, cinematic, hyperrealistic, photoreal",
    "abstract": "abstract, cubist, cubism, geometric, kandinsky, abstract art",
    "anime": "anime, manga, ghibli, studio ghibli",
    "3d": "3d, 3d render, clay, render, low poly, claymation",
    "isometric": "isometric, diorama, voxel",
})  # fmt: skip

TRAITS = _index({
    "reading": "reading, reads, book, books",
    "library": "library, bookshop, bookstore, study, bookshelf",
    "blossom": "cherry tree, cherry blossom, blossom, sakura",
    "sunflower": "sunflower",
    "fire": "fire, flame, flames, burning, breathing fire",
    "woman": "woman, girl, lady, queen, princess, she",
    "man": "man, boy, king, he",
    "wizard": "wizard, witch, sorcerer, mage",
    "samurai": "samurai, monk, ronin",
    "crown": "king, queen, prince, princess",
    "knight": "knight, warrior",
    "street": "street, road, highway, alley",
})  # fmt: skip

NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
           "some": 3, "several": 4, "many": 6, "flock": 7, "herd": 4, "fleet": 4, "school": 6}  # fmt: skip

IRREGULAR = {"butterflies": "butterfly", "wolves": "wolf", "foxes": "fox", "mice": "mouse", "geese": "bird",
             "men": "man", "women": "woman", "people": "person", "children": "child", "leaves": "leaf"}  # fmt: skip
