"""The faces at their places."""

from django.contrib import admin
from django.urls import include, path

handler500 = "specapp.middleware.failed"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include("reviews.api.urls")),
    path("", include("reviews.web.urls")),
]
