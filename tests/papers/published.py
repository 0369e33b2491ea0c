"""The digest of every version of every notice, as published: change a sentence, add a version, then its digest here."""

PUBLISHED: dict[str, list[str]] = {
    "accord-child-en": [
        "47081d3fd5f389b2386625122bec7079678440c1d028c23d524685d1da599b2f",
    ],
    "accord-child": [
        "6a601b2c7d378ac789100f6aa581f1c11b2d46610787781fd6ab8bb9a2d08a76",
    ],
    "accord-en": [
        "e8ff7f5f4ffbae1006684cda423711296e869517c56f3ba6c2332aeb9cd62c8a",
    ],
    "accord-falc-en": [
        "50bd5e3931474fc8bed6f75a8c93b0d00423486aa6883132e83cd95923750044",
    ],
    "accord-falc": [
        "b482ad76ce6195f0f6dd2ad7a394743134a4ebce9b7990b027c24f3f16255e13",
    ],
    "accord-parents-en": [
        "181b88c432f5f647e5e021a526b8bbe126e99248d5c00541230266b92a23f83e",
    ],
    "accord-parents-falc-en": [
        "4441e91f272698e222b241bb346d8e3cffeb2a6cfab34b834d553c8362087249",
    ],
    "accord-parents-falc": [
        "33c89beca68aecc4656707a8e2bc85279b011d7b5082930c0843dca679767db6",
    ],
    "accord-parents": [
        "2a90f6c6e9cab8c892dce36b7993e3fa28aead2a46d560fb21c911dba0125c5e",
    ],
    "accord": [
        "aa5faa63ce84a92f383aec37c8715f59fcc156460a66bacaa13ed3e7788ad59f",
        "8c87234878bac5a47f236676fb3239b6e622cabfb07bbdec86c4b560508f3f2d",
    ],
    "information-child-en": [
        "397e2a9af89f62a32d867000e36f65e71f1170bd60dadc5ce897992ce61986a9",
    ],
    "information-child": [
        "26fbadf967e7c166a5e2d05602570445ed7f46715074fac7377180cadb400a33",
    ],
    "information-en": [
        "2b87fea34c9c808b2f4ad6ae5b93bd63ca6c3ea771a208be4cc3cf29fc39993d",
    ],
    "information-falc-en": [
        "8a5ee9b36cd0ca419f54241e50a6db01a1a35d4fd13b10ec937b5935369dfc72",
    ],
    "information-falc": [
        "5ce645091b33cd5155a7848bd5029829ddd9c1d45773c941e7071b91eccfca9e",
    ],
    "information-parents-en": [
        "ceaf107bbeda5b2c88488cffc95f57357ba2c971cfc99188189006f94e10ad2d",
    ],
    "information-parents-falc-en": [
        "a1aeed47cf6045c7b827a6be7b10db012c2df1c04e95297a4537511b382ac4e5",
    ],
    "information-parents-falc": [
        "586d908714d821a7a3c159e9f67911763485cf65e18a5d4621be603bca07eab1",
    ],
    "information-parents": [
        "49b2b324d455cef049bf328a9dadda8db6ffb3b7a4b61cd756cadf6b5287e0ad",
    ],
    "information": [
        "fb0f5aeb9c38796f543204eaa4be3f0ffd2c81feb17b713c161090f864ae7d4b",
        "4f3a9320a7e9dfd30dd1f45ce146696aec98f2799577e7c17f994f5fe0ae818b",
    ],
    "script-telephone-child-en": [
        "0f7b8bc7db6421181ee10c6bdab1b338501feaefabb90616f60e8fe80e1b79ed",
    ],
    "script-telephone-child": [
        "a9addc1cd60b2823974787e4448ae50be706b7987f394e5b272c80d01d777ec9",
    ],
    "script-telephone-en": [
        "883dcf4c547c864a7d5993d686768c1fa335a4c99a4a6292733be537e0c6ee96",
    ],
    "script-telephone-parents-en": [
        "098336a9c9439504ddb4c1d121cea80bb63f8a352c5b667b0c0e1ef690d43124",
    ],
    "script-telephone-parents": [
        "d5a3b19886b711501ffed94f8a6c1881f1b940b38d2ec423620c35f42abf048d",
    ],
    "script-telephone": [
        "17cd0111f84afc635ed592f90f12089f50d778d33d081946a766afbefe71cebf",
    ],
}
