{
  "name": "Touchstone",
  "type": "IMPORT_JUDGMENT",
  "judgmentRatings": [
    {
      "query": "-cable",
      "ratings": [
        {
          "docId": "@home",
          "rating": "1"
        }
      ]
    },
    {
      "query": "Nike",
      "ratings": [
        {
          "docId": "7",
          "rating": "3"
        }
      ]
    },
    {
      "query": "nike",
      "ratings": [
        {
          "docId": "7",
          "rating": "1"
        }
      ]
    },
    {
      "query": "star trek",
      "ratings": [
        {
          "docId": "1370",
          "rating": "2.5"
        },
        {
          "docId": "1371",
          "rating": "0"
        }
      ]
    },
    {
      "query": "手机 \"50%\", new",
      "ratings": [
        {
          "docId": "华为-1",
          "rating": "2"
        }
      ]
    }
  ]
}
