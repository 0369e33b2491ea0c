"""The digest of every version of every notice, as published: change a sentence, add a version, then its digest here."""

PUBLISHED: dict[str, list[str]] = {
    "accord-child-en": [
        "47081d3fd5f389b2386625122bec7079678440c1d028c23d524685d1da599b2f",
    ],
    "accord-child": [
        "6a601b2c7d378ac789100f6aa581f1c11b2d46610787781fd6ab8bb9a2d08a76",
    ],
    "accord-en": [
        "46d7b02e9469b052261ab14c8a79e615c0294b825f5ee6c423d1009fbd17403c",
    ],
    "accord-falc-en": [
        "50bd5e3931474fc8bed6f75a8c93b0d00423486aa6883132e83cd95923750044",
    ],
    "accord-falc": [
        "b482ad76ce6195f0f6dd2ad7a394743134a4ebce9b7990b027c24f3f16255e13",
    ],
    "accord-parents-en": [
        "37ffe9f0644ceae41c07716a9e28991465fbe70b81e48a3d3107bbe8d73e7078",
    ],
    "accord-parents-falc-en": [
        "4441e91f272698e222b241bb346d8e3cffeb2a6cfab34b834d553c8362087249",
    ],
    "accord-parents-falc": [
        "33c89beca68aecc4656707a8e2bc85279b011d7b5082930c0843dca679767db6",
    ],
    "accord-parents": [
        "d5a0df2119d4de04a893dcff1d68db091d65a44868122205e60c86e9d030d456",
    ],
    "accord": [
        "aa5faa63ce84a92f383aec37c8715f59fcc156460a66bacaa13ed3e7788ad59f",
        "4a34421348c068b79cc3e9b88b0e07a669a0813bb395f47b99725c76ac5f6f77",
    ],
    "information-child-en": [
        "397e2a9af89f62a32d867000e36f65e71f1170bd60dadc5ce897992ce61986a9",
    ],
    "information-child": [
        "26fbadf967e7c166a5e2d05602570445ed7f46715074fac7377180cadb400a33",
    ],
    "information-en": [
        "de90f5a174ca5ac6b290cfb0eb836a0875f3823f6ef89a0c960475994e1c02d0",
    ],
    "information-falc-en": [
        "8a5ee9b36cd0ca419f54241e50a6db01a1a35d4fd13b10ec937b5935369dfc72",
    ],
    "information-falc": [
        "5ce645091b33cd5155a7848bd5029829ddd9c1d45773c941e7071b91eccfca9e",
    ],
    "information-parents-en": [
        "099b209619a4155f6d7938fd2b9a7ee5be951cb4677fd514fd97194b0ce8d95d",
    ],
    "information-parents-falc-en": [
        "a1aeed47cf6045c7b827a6be7b10db012c2df1c04e95297a4537511b382ac4e5",
    ],
    "information-parents-falc": [
        "586d908714d821a7a3c159e9f67911763485cf65e18a5d4621be603bca07eab1",
    ],
    "information-parents": [
        "99758dabe1f84d15ad7b9fb3bf7b8d1aa2d12a246412e620c75cf39930e02bfa",
    ],
    "information": [
        "fb0f5aeb9c38796f543204eaa4be3f0ffd2c81feb17b713c161090f864ae7d4b",
        "db9271d5e0d0d53a3a76c8cc679833d3e41ddca76cb3fa2f24dca03f0261deb5",
    ],
    "script-telephone-child-en": [
        "0f7b8bc7db6421181ee10c6bdab1b338501feaefabb90616f60e8fe80e1b79ed",
    ],
    "script-telephone-child": [
        "a9addc1cd60b2823974787e4448ae50be706b7987f394e5b272c80d01d777ec9",
    ],
    "script-telephone-en": [
        "0934bcc886c94fb0f43be92fc18f9d9e7bb2b53e509f0bef1b5573d60fe05fa9",
    ],
    "script-telephone-parents-en": [
        "acfb8399504eca17136812284ac3babaea13b6dbb956fdad132b5211721d6ac6",
    ],
    "script-telephone-parents": [
        "f8abee374dd5e5db33018bbd8cf239a172bc5cf5afe75e4f0be4e063db561920",
    ],
    "script-telephone": [
        "33a8134c07567fb251825e0ea2472f553a8e6a8af2f2e91dcf900896f6f909af",
    ],
}
