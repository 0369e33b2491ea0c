"""The digest of every version of every notice, as published: change a sentence, add a version, then its digest here."""

PUBLISHED: dict[str, list[str]] = {
    "accord-parents": [
        "86c5bcde4f7fa8d55379a94776598b9cb92285c71f448b0070482d5d16620517",
    ],
    "accord": [
        "aa5faa63ce84a92f383aec37c8715f59fcc156460a66bacaa13ed3e7788ad59f",
        "1eac022a627ceb406b82aa3ef1b56668d43a00dad505dff57b1029dc21ebddd0",
    ],
    "information": [
        "fb0f5aeb9c38796f543204eaa4be3f0ffd2c81feb17b713c161090f864ae7d4b",
        "ac2151dd30079dec0984c740d638fa7eda98e54bc6f2b661ebc6fd0dc4ab96b5",
    ],
    "script-telephone": [
        "e2f64179bdc9637d2039b24a30afcf400e0c145fde747b28df4ab45cf7a367c0",
    ],
}
