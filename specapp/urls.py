"""The faces at their places."""

from django.urls import include, path

from reviews.admin.windows import site

handler500 = "specapp.middleware.failed"

urlpatterns = [
    path("admin/", site.urls),
    path("api/", include("reviews.api.urls")),
    path("", include("reviews.web.urls")),
]
